import type { Child } from 'hono/jsx';
import { consolePath } from '../../console-env.ts';
import { Card, Field } from '../../view/parts.tsx';
import { configUrl } from './config-list.tsx';
import { configTree } from './config-tree.ts';
import type { Draft, Problem } from './draft.ts';
import { ConfigTree } from './tree-view.tsx';

/** A config that is written. */
export interface Editing {
  /** Where it is sent to. */
  readonly action: string;
  readonly name: string;
  /** Its ID; empty for a new one that shall be given one. */
  readonly slug: string;
  readonly isNew: boolean;
  readonly text: string;
  /** The number of the version it is to take the place of; 0 for a new one. */
  readonly version: number;
  /** The number of the version that the text is made from. */
  readonly base: number;
  readonly draft: Draft;
  /** Why it was not saved. */
  readonly refusal?: Child;
  readonly saveLabel?: string;
}

/** The form of a config, with what is wrong in it beside. */
export function Editor(editing: Editing) {
  const { action, name, slug, isNew, text, version, base, draft, refusal, saveLabel = 'Save' } = editing;
  const back = isNew ? `${consolePath}/configs` : configUrl(slug);
  return (
    <form method="post" action={action} class="stack" data-editor={`${consolePath}/configs/check`}>
      {refusal === undefined ? '' : refusal}
      <input type="hidden" name="version" value={String(version)} />
      <input type="hidden" name="base" value={String(base)} />
      {isNew ? '' : <input type="hidden" name="of" value={slug} />}
      <div class="form-row">
        <Field label="Name">
          <input name="name" value={name} required maxlength={200} autocomplete="off" />
        </Field>
        {isNew ? (
          <Field label="ID" hint="Made of the name when it is left empty. It never changes.">
            <input class="mono" name="slug" value={slug} autocomplete="off" spellcheck={false} placeholder="pc-…" />
          </Field>
        ) : (
          ''
        )}
      </div>
      <div class="editor-columns">
        <Card title="Config" isFlush>
          <div class="editor">
            <pre class="gutter" aria-hidden="true" data-gutter></pre>
            <textarea
              class="mono"
              name="text"
              rows={28}
              wrap="off"
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              aria-label="Config as JSON"
              aria-describedby="check-sum"
            >
              {`\n${text}`}
            </textarea>
          </div>
        </Card>
        <div id="check" class="stack">
          <Check draft={draft} />
        </div>
      </div>
      <div class="form-actions">
        <button type="submit" class="button primary" data-save>
          {saveLabel}
        </button>
        <a class="button" href={back}>
          Cancel
        </a>
      </div>
    </form>
  );
}

/** What a draft comes to: what is wrong in it, and how it would route. */
export function Check({ draft: { problems, config } }: { draft: Draft }) {
  return (
    <>
      <Card title="Check">
        <p
          id="check-sum"
          class={`notice ${problems.length === 0 ? 'good' : 'bad'}`}
          role="status"
          data-problems={String(problems.length)}
        >
          {problems.length === 0
            ? 'This config can be saved.'
            : `${problems.length === 1 ? '1 problem' : `${problems.length} problems`}. It cannot be saved like this.`}
        </p>
        {problems.length === 0 ? '' : <Problems problems={problems} />}
      </Card>
      {config === undefined ? (
        ''
      ) : (
        <Card title="Routing">
          <ConfigTree root={configTree(config)} now={0} />
        </Card>
      )}
    </>
  );
}

const mostShown = 50;

function Problems({ problems }: { problems: readonly Problem[] }) {
  const more = problems.length - mostShown;
  return (
    <ol class="problems">
      {problems.slice(0, mostShown).map(({ line, path, message }) => (
        <li>
          <button type="button" class="button small" data-line={String(line)}>{`Line ${line}`}</button>
          <span>
            <code>{path}</code> {message}
          </span>
        </li>
      ))}
      {more > 0 ? <li class="muted">{`and ${more} more`}</li> : ''}
    </ol>
  );
}

import type { PromptObject, PromptSummary, PromptVersionObject } from '../../../../resources/prompts/prompt-types.ts';
import { consolePath } from '../../console-env.ts';
import { Time } from '../../view/figures.tsx';
import { Card, Empty, Field, FormActions, PageHead, Pill } from '../../view/parts.tsx';
import { Said } from '../../view/question.tsx';
import { Table } from '../../view/table.tsx';
import { Diff } from '../configs/diff-view.tsx';

/** Where prompts are, and each of their pages. */
export function promptUrl(slug = '', page = ''): string {
  return [`${consolePath}/prompts`, ...[slug, page].filter((part) => part !== '').map(encodeURIComponent)].join('/');
}

/** What was typed of a new version. */
export interface PromptForm {
  readonly name: string;
  readonly template: string;
  readonly model: string;
  readonly virtualKey: string;
}

/** All prompts, and the form of a new one. */
export function PromptList(props: {
  prompts: readonly PromptSummary[];
  typed?: PromptForm;
  done?: string | undefined;
  problem?: string | undefined;
}) {
  const { prompts, typed = { name: '', template: '', model: '', virtualKey: '' }, done, problem } = props;
  return (
    <>
      <PageHead title="Prompts" />
      <div class="stack">
        <Said done={done} problem={problem} />
        <div class="card">
          {prompts.length === 0 ? (
            <Empty title="No prompts yet">
              A prompt is a template with <code>{'{{variables}}'}</code>, in versions. Calls name it by its ID.
            </Empty>
          ) : (
            <Prompts prompts={prompts} />
          )}
        </div>
        <Card title="New prompt">
          <Form action={promptUrl()} typed={typed} label="Create" hasName />
        </Card>
      </div>
    </>
  );
}

function Prompts({ prompts }: { prompts: readonly PromptSummary[] }) {
  return (
    <Table columns={['Name', 'ID', 'Model', 'Changed']}>
      {prompts.map(({ slug, name, model, last_updated_at: changed }) => (
        <tr class="link">
          <td class="key full">
            <a class="cover" href={promptUrl(slug)}>
              {name}
            </a>
          </td>
          <td class="full">
            <code>{slug}</code>
          </td>
          <td>{model ?? '–'}</td>
          <td>
            <Time at={Date.parse(changed)} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Form(props: { action: string; typed: PromptForm; label: string; hasName?: boolean }) {
  const { action, typed, label, hasName = false } = props;
  return (
    <form method="post" action={action} class="stack">
      <div class="form-row">
        {hasName ? (
          <Field label="Name">
            <input name="name" value={typed.name} required maxlength={200} autocomplete="off" />
          </Field>
        ) : (
          ''
        )}
        <Field label="Model">
          <input name="model" value={typed.model} autocomplete="off" placeholder="gpt-4o" />
        </Field>
        <Field label="Virtual key" hint="Who is asked unless the call says.">
          <input name="virtual_key" value={typed.virtualKey} autocomplete="off" placeholder="openai-prod" />
        </Field>
      </div>
      <Field label="Template" hint="The text of a completion, or messages as JSON, with {{variables}}.">
        <textarea class="mono" name="template" rows={10} required spellcheck={false}>{`\n${typed.template}`}</textarea>
      </Field>
      <FormActions label={label} />
    </form>
  );
}

/** One prompt: the version in use, all versions, and the form of the next. */
export function PromptDetail(props: {
  prompt: PromptObject;
  /** The latest first. */
  versions: readonly PromptVersionObject[];
  typed: PromptForm;
  done?: string | undefined;
  problem?: string | undefined;
}) {
  const { prompt, versions, typed, done, problem } = props;
  const { slug, name } = prompt;
  return (
    <>
      <PageHead title={name} crumbs={<a href={promptUrl()}>Prompts</a>}>
        <a class="button danger" href={promptUrl(slug, 'delete')}>
          Delete
        </a>
      </PageHead>
      <div class="stack">
        <Said done={done} problem={problem} />
        <p class="id-line">
          <code>{slug}</code>
          <button type="button" class="button small" data-copy={slug}>
            Copy ID
          </button>
          <Pill tone="good">{`version ${prompt.prompt_version} in use`}</Pill>
          {prompt.model === null ? '' : <Pill>{prompt.model}</Pill>}
          {prompt.virtual_key === null ? '' : <Pill>{`@${prompt.virtual_key}`}</Pill>}
        </p>
        <Card title="In use" isFlush>
          <pre class="code">{readable(prompt.string)}</pre>
        </Card>
        <Card title="Versions" isFlush>
          {versions.map((version, index) => (
            <Version slug={slug} version={version} before={versions[index + 1]} />
          ))}
        </Card>
        <Card title="Next version">
          <Form action={promptUrl(slug)} typed={typed} label="Save as a new version" />
        </Card>
      </div>
    </>
  );
}

function Version(props: { slug: string; version: PromptVersionObject; before: PromptVersionObject | undefined }) {
  const { slug, version, before } = props;
  const { prompt_version: number, labels, created_at: created, prompt_version_status: status } = version;
  return (
    <details class="version">
      <summary>
        {`Version ${number}`} {status === 'published' ? <Pill tone="good">in use</Pill> : ''}
        {labels.map((label) => (
          <Pill tone="violet">{label}</Pill>
        ))}{' '}
        <span class="muted">
          <Time at={Date.parse(created)} />
        </span>
      </summary>
      {before === undefined ? (
        <pre class="code">{readable(version.prompt_template)}</pre>
      ) : (
        <Diff before={readable(before.prompt_template)} after={readable(version.prompt_template)} />
      )}
      {status === 'published' ? (
        ''
      ) : (
        <form method="post" action={promptUrl(slug, 'publish')} class="diff-sum">
          <input type="hidden" name="version" value={String(number)} />
          <button type="submit" class="button small">{`Use version ${number}`}</button>
        </form>
      )}
    </details>
  );
}

/** Messages one below the other; a text as it is. */
export function readable(template: string): string {
  try {
    return JSON.stringify(JSON.parse(template), undefined, 2);
  } catch {
    return template;
  }
}

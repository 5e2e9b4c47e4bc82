import type { DocumentVersion } from '../../../../core/document-store.ts';
import { consolePath } from '../../console-env.ts';
import { Time } from '../../view/figures.tsx';
import { Card, Empty, PageHead, Pill } from '../../view/parts.tsx';
import { Question, Said } from '../../view/question.tsx';
import { actions, Table } from '../../view/table.tsx';
import { searchUrl } from '../logs/search.ts';
import { configUrl } from './config-list.tsx';
import type { ConfigNode } from './config-tree.ts';
import type { RecentCalls } from './recent-calls.ts';
import { ConfigTree } from './tree-view.tsx';
import { Weights } from './weights-view.tsx';

/** A config in use. */
export interface ShownConfig {
  /** The latest first. */
  readonly versions: readonly [DocumentVersion, ...DocumentVersion[]];
  readonly live: LiveTree;
  /** Its latest version as text, secrets hidden. */
  readonly text: string;
  readonly origin: string;
  readonly notice?: string | undefined;
}

/** The tree of a config now. */
export interface LiveTree {
  /** Undefined where it cannot be used, and why. */
  readonly root: ConfigNode | undefined;
  readonly problem?: string | undefined;
  readonly calls: RecentCalls | undefined;
  readonly now: number;
}

/** One config: how it routes now, its shares, its versions. */
export function ConfigDetail({ versions, live, text, origin, notice }: ShownConfig) {
  const [latest] = versions;
  const { slug, name, number, createdAt, content } = latest;
  return (
    <>
      <ConfigHead version={latest} />
      <div class="stack">
        <Said done={notice} />
        <p class="id-line">
          <code>{slug}</code>
          <button type="button" class="button small" data-copy={slug}>
            Copy ID
          </button>
          <Pill>{`version ${number}`}</Pill>
          <span class="muted">
            changed <Time at={createdAt} />
          </span>
        </p>
        <Card title="Routing now">
          <div data-live={configUrl(slug, 'live')}>
            <LiveTreeView live={live} />
          </div>
        </Card>
        <Weights slug={slug} content={content} version={number} />
        <div class="columns">
          <Card title="Versions" isFlush>
            <Versions versions={versions} />
          </Card>
          <Card title="Use it">
            <p class="muted">
              Send its ID with a request. <a href={searchUrl({ config: slug })}>Requests that did</a>
            </p>
            <pre class="code">{usage(slug, origin)}</pre>
          </Card>
        </div>
        <Card title={`${name} as JSON`} isFlush>
          <pre class="code">{text}</pre>
        </Card>
      </div>
    </>
  );
}

function ConfigHead({ version: { slug, name } }: { version: DocumentVersion }) {
  return (
    <PageHead title={name} crumbs={<a href={`${consolePath}/configs`}>Configs</a>}>
      <a class="button danger" href={configUrl(slug, 'delete')}>
        Delete
      </a>
      <a class="button primary" href={configUrl(slug, 'edit')}>
        Edit
      </a>
    </PageHead>
  );
}

/** The tree as it is asked for again and again. */
export function LiveTreeView({ live: { root, problem, calls, now } }: { live: LiveTree }) {
  if (root === undefined) return <p class="notice bad">{problem}</p>;
  return <ConfigTree root={root} calls={calls} now={now} />;
}

function usage(slug: string, origin: string): string {
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H 'x-portkey-config: ${slug}' \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join('\n');
}

/** Older versions are kept, and can be compared by their number. */
const mostListed = 100;

function Versions({ versions }: { versions: ShownConfig['versions'] }) {
  const [{ number: latest, slug }] = versions;
  return (
    <Table
      class=""
      wrap="table-wrap versions"
      columns={['Version', 'Written', actions]}
      below={
        versions.length > mostListed ? (
          <p class="diff-sum muted">{`and ${versions.length - mostListed} older ones`}</p>
        ) : (
          ''
        )
      }
    >
      {versions.slice(0, mostListed).map(({ number, createdAt }, index) => {
        const before = versions[index + 1]?.number;
        return (
          <tr>
            <td>
              {number} {number === latest ? <Pill tone="good">in use</Pill> : ''}
            </td>
            <td>
              <Time at={createdAt} />
            </td>
            <td class="row-actions">
              {before === undefined ? (
                ''
              ) : (
                <a class="button small" href={configUrl(slug, `diff?from=${before}&to=${number}`)}>
                  Changes
                </a>
              )}
              {number === latest ? (
                ''
              ) : (
                <a class="button small" href={configUrl(slug, `diff?from=${latest}&to=${number}`)}>
                  Restore
                </a>
              )}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

/** Asks whether a config shall really go. `problem`: why it cannot. */
export function DeleteConfig({ version, problem }: { version: DocumentVersion; problem?: string | undefined }) {
  const { slug, name } = version;
  return (
    <Question
      title={`Delete ${name}?`}
      crumbs={<a href={configUrl(slug)}>{name}</a>}
      action={configUrl(slug, 'delete')}
      label="Delete"
      back={configUrl(slug)}
      problem={problem}
    >
      <p>
        Calls that name <code>{slug}</code> fail from then on. Its versions are kept: they are there again when a config
        with this ID is made anew.
      </p>
    </Question>
  );
}

/** Said where there is no config of this ID. */
export function NoSuchConfig({ slug }: { slug: string }) {
  return (
    <div class="card">
      <Empty title="There is no such config">
        <code>{slug}</code> is not there, or not any more. Back to the <a href={`${consolePath}/configs`}>configs</a>.
      </Empty>
    </div>
  );
}

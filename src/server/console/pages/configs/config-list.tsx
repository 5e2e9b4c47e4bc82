import type { DocumentVersion } from '../../../../core/document-store.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { consolePath } from '../../console-env.ts';
import { Time } from '../../view/figures.tsx';
import { Empty, PageHead } from '../../view/parts.tsx';
import { Said } from '../../view/question.tsx';
import { Table } from '../../view/table.tsx';

/** The address of a config, or of one of its pages. */
export function configUrl(slug: string, page = ''): string {
  return `${consolePath}/configs/${encodeURIComponent(slug)}${page === '' ? '' : `/${page}`}`;
}

/** All configs that can be changed here. `notice`: what was just done. */
export function ConfigList({ configs, notice }: { configs: readonly DocumentVersion[]; notice?: string | undefined }) {
  return (
    <>
      <PageHead title="Configs">
        <a class="button primary" href={`${consolePath}/configs/-/new`}>
          New config
        </a>
      </PageHead>
      <div class="stack">
        <Said done={notice} />
        <div class="card">
          {configs.length === 0 ? (
            <Empty title="No configs yet">
              A config says who is asked for what. Calls name it by its ID: <code>x-portkey-config: pc-…</code>
            </Empty>
          ) : (
            <Configs configs={configs} />
          )}
        </div>
      </div>
    </>
  );
}

function Configs({ configs }: { configs: readonly DocumentVersion[] }) {
  return (
    <Table columns={['Name', 'ID', 'Routes to', ['Version', 'number'], 'Changed']}>
      {configs.map(({ slug, name, number, content, createdAt }) => (
        <tr class="link">
          <td class="key full">
            <a class="cover" href={configUrl(slug)}>
              {name}
            </a>
          </td>
          <td class="full">
            <code>{slug}</code>{' '}
            <button type="button" class="button small" data-copy={slug} aria-label={`Copy ID ${slug}`}>
              Copy
            </button>
          </td>
          <td class="full">{inShort(content)}</td>
          <td class="number" data-label="Version">
            {number}
          </td>
          <td>
            <Time at={createdAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** `fallback of 3` */
function inShort({ strategy, targets, model_groups: groups, ...node }: JsonObject): string {
  if (Array.isArray(targets) && isJsonObject(strategy)) return `${strategy.mode} of ${targets.length}`;
  if (isJsonObject(groups)) return `${Object.keys(groups).length} model groups`;
  const who = node.ref ?? (typeof node.virtual_key === 'string' ? `@${node.virtual_key}` : node.provider);
  return typeof who === 'string' ? who : '–';
}

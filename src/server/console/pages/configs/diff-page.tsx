import type { DocumentVersion } from '../../../../core/document-store.ts';
import { Time } from '../../view/figures.tsx';
import { Card, Field, PageHead, Select } from '../../view/parts.tsx';
import { configUrl } from './config-list.tsx';
import { Diff } from './diff-view.tsx';
import { textOf } from './text-of.ts';

/** Two versions beside each other. `all`: the latest first. */
export interface Comparison {
  readonly from: DocumentVersion;
  readonly to: DocumentVersion;
  readonly all: readonly DocumentVersion[];
}

/** How one version of a config differs from another, and a way back to it. */
export function DiffPage({ from, to, all }: Comparison) {
  const { slug, name } = to;
  const latest = all[0]?.number ?? 0;
  const options = all.map(({ number }) => [String(number), `Version ${number}`] as const);
  return (
    <>
      <PageHead title={`Version ${from.number} to ${to.number}`} crumbs={<a href={configUrl(slug)}>{name}</a>}>
        {to.number === latest ? '' : <Restore slug={slug} number={to.number} latest={latest} />}
      </PageHead>
      <div class="stack">
        <form method="get" action={configUrl(slug, 'diff')} class="compare">
          <Field label="From">
            <Select name="from" value={String(from.number)} options={options} submits />
          </Field>
          <Field label="To">
            <Select name="to" value={String(to.number)} options={options} submits />
          </Field>
          <button type="submit" class="button">
            Compare
          </button>
        </form>
        <Card title="Changes" isFlush>
          {from.name === to.name ? '' : <p class="diff-sum">{`The name was "${from.name}", and is "${to.name}".`}</p>}
          <Diff before={textOf(from.content)} after={textOf(to.content)} />
          <p class="diff-sum muted">
            Version {String(to.number)} was written <Time at={to.createdAt} />
          </p>
        </Card>
      </div>
    </>
  );
}

function Restore({ slug, number, latest }: { slug: string; number: number; latest: number }) {
  return (
    <form method="post" action={configUrl(slug, 'restore')}>
      <input type="hidden" name="restore" value={String(number)} />
      <input type="hidden" name="version" value={String(latest)} />
      <button type="submit" class="button primary">{`Restore version ${number}`}</button>
    </form>
  );
}

import type { DocumentVersion } from '../../../../core/document-store.ts';
import { Time } from '../../view/figures.tsx';
import { Card } from '../../view/parts.tsx';
import { configUrl } from './config-list.tsx';
import { Diff } from './diff-view.tsx';
import { textOf } from './text-of.ts';

/** Why something was not saved. */
export function Refusal({ text }: { text: string }) {
  return (
    <p class="notice bad" role="alert">
      {text}
    </p>
  );
}

/** Somebody saved a version since the one that was edited: what they changed. */
export function Conflict({ base, latest }: { base: DocumentVersion | undefined; latest: DocumentVersion }) {
  return (
    <>
      <p class="notice warn" role="alert">
        {`It was not saved: version ${latest.number} was saved meanwhile`} (<Time at={latest.createdAt} />
        ). {'Your text is below. Take over what you need of the changes, then save over that version, or '}
        <a href={configUrl(latest.slug)}>leave it as it is</a>.
      </p>
      {base === undefined ? (
        ''
      ) : (
        <Card title={`What version ${latest.number} changed`} isFlush>
          <Diff before={textOf(base.content)} after={textOf(latest.content)} />
        </Card>
      )}
    </>
  );
}

/** Somebody saved a version since the page was shown. */
export function WasChanged({ slug }: { slug: string }) {
  return (
    <p class="notice warn" role="alert">
      The config was changed by somebody else since this page was shown. <a href={configUrl(slug)}>Look at it again</a>,
      then change it.
    </p>
  );
}

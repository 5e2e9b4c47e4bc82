import type { JsonObject } from '../../../../core/json.ts';
import { Card } from '../../view/parts.tsx';
import { configUrl } from './config-list.tsx';
import { type WeightedNode, weightedNodes } from './weights.ts';

/** Shares of the loadbalance nodes of a config, to be moved; nothing where it has none. */
export function Weights({ slug, content, version }: { slug: string; content: JsonObject; version: number }) {
  const nodes = weightedNodes(content);
  if (nodes.length === 0) return <></>;
  return (
    <Card title="Shares">
      <div class="stack">
        <p class="muted">
          Moving a share writes a new version. Calls that come within seconds go by it; those under way end as they
          began.
        </p>
        {nodes.map((node) => (
          <Shares slug={slug} node={node} version={version} />
        ))}
      </div>
    </Card>
  );
}

function Shares({
  slug,
  node: { path, name, targets },
  version,
}: {
  slug: string;
  node: WeightedNode;
  version: number;
}) {
  return (
    <form method="post" action={configUrl(slug, 'weights')} class="shares" data-shares>
      <fieldset>
        <legend>{name === '$' ? 'The whole config' : name}</legend>
        <input type="hidden" name="version" value={String(version)} />
        <input type="hidden" name="path" value={path} />
        {targets.map(({ name: target, percent }) => (
          <label class="share">
            <span class="clip">{target}</span>
            <input type="range" name="weight" min="0" max="100" step="1" value={String(percent)} />
            <output>{`${percent} %`}</output>
          </label>
        ))}
        <div class="form-actions">
          <button type="submit" class="button primary">
            Apply
          </button>
          <button type="reset" class="button">
            Reset
          </button>
        </div>
      </fieldset>
    </form>
  );
}

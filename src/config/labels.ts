import { NoMatchingTargetError } from '../core/errors/fit-errors.ts';
import type { Handler } from '../core/handler.ts';
import type { Limit } from '../core/limit.ts';
import { tagMatch } from '../routing/state/tag-match.ts';
import type { Config } from './config.ts';
import type { ConfigLabels } from './label-fields.ts';
import type { Place } from './place.ts';

/** Whether a target may take a call by its labels; none where no label of the config chooses anything. */
export function labelLimits(node: Config, { path, above, labels }: Place): readonly Limit[] {
  if (!labels.hasTags && !labels.hasRegions) return [];
  const nodes = [...above.map((each) => each.node), node];
  return [
    tagMatch({
      path,
      tags: new Set(nodes.flatMap(({ tags = [] }) => tags)),
      region: nodes.findLast(({ region }) => region !== undefined)?.region,
      match: nodes.findLast(({ tag_match }) => tag_match !== undefined)?.tag_match ?? 'any',
      hasTags: labels.hasTags,
      hasDefault: labels.hasDefault,
    }),
  ];
}

/** A region that no target names is no target's: to ignore it would send the call anywhere. */
export function refuseUnknownRegion({ hasRegions }: ConfigLabels, handler: Handler): Handler {
  if (hasRegions) return handler;
  return (request, context) => {
    const { regions } = context.call;
    if (regions === undefined || regions.length === 0) return handler(request, context);
    const asked = regions.map((region) => `"${region}"`).join(', ');
    return Promise.reject(
      new NoMatchingTargetError(`The call asks for region ${asked}, and no target of the config says its "region".`),
    );
  };
}

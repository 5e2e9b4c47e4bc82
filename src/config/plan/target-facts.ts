import { fill } from '../../routing/strategies/wildcard.ts';
import { parseSlugModel } from '../../vault/slug.ts';
import type { Config } from '../config.ts';
import type { Inherited } from '../inherit.ts';
import type { PlannedRequest } from './plan.ts';

/** Who a target is, and which model it would be asked for. */
export interface TargetFacts {
  readonly provider: string;
  readonly model?: string;
}

/** What the config and the request say of a target. A virtual key is named, not looked up. */
export function targetFacts(
  node: Config,
  inherited: Inherited,
  { request: { body }, captured }: PlannedRequest,
): TargetFacts {
  const given = inherited.overrideParams?.['model'] ?? body['model'] ?? inherited.defaultParams?.['model'];
  const asked = typeof given === 'string' ? given : undefined;
  const model = asked === undefined || captured === undefined ? asked : fill(asked, captured);
  const named = model?.startsWith('@') ? parseSlugModel(model) : undefined;
  const own = node.virtual_key === undefined ? node.provider : `@${node.virtual_key}`;
  const provider = named === undefined ? (own ?? 'whom the options of the client name') : `@${named.slug}`;
  const plain = named === undefined ? model : named.model;
  return { provider, ...(plain === undefined ? {} : { model: plain }) };
}

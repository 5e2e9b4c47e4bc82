import { type BodyRule, changesPrompt } from '../../core/demand.ts';
import { parseSlugModel } from '../../vault/slug.ts';
import type { Inherited } from '../inherit.ts';
import { bodyRewriter } from '../leaf/body-rules.ts';
import type { OwnCredentials } from '../leaf/credential-source.ts';

/** What a target makes of a request before its limits look at it; undefined where it takes every request as it is. */
export function bodyRule(
  { overrideParams, defaultParams, dropParams }: Inherited,
  own: OwnCredentials,
): BodyRule | undefined {
  const changed = [...Object.keys({ ...overrideParams, ...defaultParams }), ...dropParams];
  if (changed.length === 0 && own.kind === 'given') return undefined;
  return {
    rewrite: bodyRewriter({ overrideParams, defaultParams, dropParams }),
    changesPrompt: changesPrompt(changed.map((path) => path.split(/[.[]/, 1)[0] ?? '')),
    toModel: own.kind === 'given' ? (asked) => asked : withoutSlug(own),
  };
}

/** `@slug/model` asks for `model`, unless the target's own provider has models of that look. */
function withoutSlug(own: OwnCredentials): (asked: string) => string {
  return (asked) => {
    const named = parseSlugModel(asked);
    if (named === undefined || (own.kind === 'virtual-key' && own.slug !== named.slug)) return asked;
    return named.model ?? '';
  };
}

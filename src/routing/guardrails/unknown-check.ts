import { didYouMean } from '../../core/did-you-mean.ts';

/** Checks of Portkey's own that need what is not here, and what to do instead. */
const refused: Readonly<Record<string, string>> = {
  jwt: 'It verifies a header of the HTTP request that a gateway received, which a client in the process has none of. Verify the token where it arrives.',
  injectTools: 'Write the tools into "override_params", or add them in a function of "input_mutators".',
  requestParameters: 'Use "drop_params", "override_params", or a function.',
};

/** Services that Portkey's gateway can ask, by the first part of their checks' IDs. */
const partners: ReadonlySet<string> = new Set([
  ...[
    'acuvity',
    'akto',
    'aporia',
    'azure',
    'bedrock',
    'crowdstrike-aidr',
    'exa',
    'f5-guardrails',
    'javelin',
    'lasso',
    'levo',
  ],
  ...[
    'mistral',
    'pangea',
    'panw-prisma-airs',
    'panwPrismaAirs',
    'patronus',
    'pillar',
    'portkey',
    'promptfoo',
    'promptsecurity',
  ],
  ...['qualifire', 'sydelabs', 'walledai', 'zscaler'],
]);

/** Why there is no check of this ID, and what to use. `known` are the IDs behind `default.`. */
export function unknownCheck(id: string, known: readonly string[]): string {
  const [source = '', ...rest] = id.split('.');
  const name = rest.length === 0 ? source : rest.join('.');
  if (rest.length > 0 && partners.has(source))
    return `"${id}" asks a service or model of "${source}", which this version does not. Use "default.webhook", or a function.`;
  const own = source === 'default' || rest.length === 0;
  if (own && Object.hasOwn(refused, name)) return `"${id}" is not supported. ${refused[name]}`;
  const ids = known.map((each) => `default.${each}`);
  const meant = own ? `default.${name}` : id;
  return `Unknown check "${id}".${didYouMean(meant, ids) || ` Valid: ${ids.join(', ')}, or a function.`}`;
}

import type ts from 'typescript';
import * as modelmux from '../../src/index.ts';
import { code, generated, table } from './markdown.ts';
import { publicExports } from './public-exports.ts';

interface Example {
  readonly error: modelmux.PortkeyError;
  /** What the one who meets it should do. */
  readonly advice: string;
}

const message = 'x';
const api = (status: number) => ({ status, kind: 'server' as const, message });
const waiting = { path: 'config', waitedMs: 1, readyInMs: 1 };
const results = { before_request_hooks: [], after_request_hooks: [] };

/** One of each error that the package exports, in the order of the page. */
export const examples: readonly Example[] = [
  {
    error: new modelmux.ConfigError([]),
    advice: 'Mend what `issues` lists: each entry has a path, and says what would be valid.',
  },
  { error: new modelmux.ConfigNotFoundError('pc-1', message), advice: 'Check the ID, and that `configs` knows it.' },
  {
    error: new modelmux.VirtualKeyError(message),
    advice: 'Add the virtual key to `virtualKeys`, the vault or the environment.',
  },
  { error: new modelmux.InvalidRequestError('param', message), advice: 'Mend the call: `param` names what is wrong.' },
  {
    error: new modelmux.TranslationError('param', message),
    advice: 'Leave out what `param` names, or send such calls to another target.',
  },
  {
    error: new modelmux.PartLoadError('part', new Error(message)),
    advice: 'Deploy all files of the package, or bundle it into one; `cause` is the error of the import.',
  },
  {
    error: new modelmux.BadRequestError({ ...api(400), kind: 'invalid_request' }),
    advice: 'Mend the request: `param`, `code` and `error` say what the provider refused.',
  },
  {
    error: new modelmux.AuthenticationError({ ...api(401), kind: 'auth' }),
    advice: 'Replace the key; in a fallback, `on_errors: ["auth"]` goes on to another.',
  },
  {
    error: new modelmux.PermissionDeniedError({ ...api(403), kind: 'auth' }),
    advice: 'Give the key the right, or take another.',
  },
  {
    error: new modelmux.NotFoundError({ ...api(404), kind: 'not_found' }),
    advice: 'Check the model, the deployment and `custom_host`.',
  },
  {
    error: new modelmux.ConflictError({ ...api(409), kind: 'invalid_request' }),
    advice: 'Look at the object again, then decide.',
  },
  {
    error: new modelmux.UnprocessableEntityError({ ...api(422), kind: 'invalid_request' }),
    advice: 'Mend the request.',
  },
  {
    error: new modelmux.RateLimitError({ ...api(429), kind: 'rate_limit' }),
    advice:
      'Wait as `retry-after` says, or add `retry`, a `rate_limit`, a `queue` or another target. `kind` is `billing` when the account has no money.',
  },
  {
    error: new modelmux.InternalServerError({ ...api(500), kind: 'server' }),
    advice: 'Try again later, or add `retry` or a fallback.',
  },
  { error: new modelmux.APIError({ ...api(418), kind: 'server' }), advice: 'Look at `status` and `error`.' },
  { error: new modelmux.APIConnectionError(message), advice: 'Look at `cause` and `code`; add `retry` or a fallback.' },
  {
    error: new modelmux.APIConnectionTimeoutError('request_timeout', 1),
    advice: 'Raise the limit that `limit` names, or add a fallback.',
  },
  { error: new modelmux.APIUserAbortError(), advice: 'Nothing: the caller left.' },
  {
    error: new modelmux.UnreadableReplyError(message, ''),
    advice: 'Check `custom_host`: an HTML page often means a wrong address or a proxy in between.',
  },
  {
    error: new modelmux.TruncatedStreamError(message),
    advice: 'Use `received`, what had come until then, or ask again.',
  },
  {
    error: new modelmux.ContextWindowError('messages', message),
    advice: 'Shorten the prompt, or name a larger target; `on_errors: ["context_window"]` leads to one.',
  },
  {
    error: new modelmux.NoMatchingTargetError(message),
    advice: 'Tag a target so, or ask for other tags or another region.',
  },
  {
    error: new modelmux.ModelNotFoundError('x', []),
    advice: 'Use one of the models that the message names, or add a group or an alias.',
  },
  { error: new modelmux.NoConditionMatchedError('config'), advice: 'Add `strategy.default`.' },
  { error: new modelmux.NoTargetError('config'), advice: 'Give a target a weight above 0.' },
  {
    error: new modelmux.CooldownError({ path: 'config', of: 'target', readyInMs: 1 }),
    advice: 'Wait `retryAfterMs`, or add a target. Every target of a node: status 429, code `all_targets_cooling`.',
  },
  {
    error: new modelmux.TargetDisabledError('config'),
    advice: 'Put the target back: `portkey.targets.enable`, or the console of the server.',
  },
  {
    error: new modelmux.CapacityError({ code: 'rate_limit', message, readyInMs: 1 }),
    advice:
      'Wait `retryAfterMs`, add a `queue`, or another target. `code` says what is used up: `max_concurrency`, `rate_limit`, `rate_limit_too_small`, `upstream_rate_limit`.',
  },
  {
    error: new modelmux.QueueTimeoutError(waiting),
    advice: 'Wait `retryAfterMs`, raise `queue.max_wait`, or add capacity.',
  },
  {
    error: new modelmux.QueueFullError({ path: 'config', maxSize: 1, readyInMs: 1 }),
    advice: 'Wait as `retry-after` says, raise `queue.max_size`, or add capacity.',
  },
  {
    error: new modelmux.BudgetExceededError({ message, readyInMs: 1, fitsEver: true, onExhausted: 'skip' }),
    advice: 'Wait for the next period, raise `budget.amount`, or add a cheaper target.',
  },
  {
    error: new modelmux.UnknownPriceError('config', 'x', 'skip'),
    advice: 'Give the target `pricing`, the client `prices`, or the budget `unpriced: "free"`.',
  },
  {
    error: new modelmux.GuardrailError({ message, stage: 'input', results }),
    advice: 'Look at `hook_results`: every check and its verdict.',
  },
  { error: new modelmux.AlgorithmError('config', message), advice: 'Mend your function; `cause` is what it threw.' },
  { error: new modelmux.JobQueueFullError(1, 1), advice: 'Submit the job later, or raise `maxWaiting`.' },
  { error: new modelmux.JobQueueError(message), advice: 'Look at `cause`; is the Redis of the queue there?' },
  { error: new modelmux.LogStoreError(message), advice: 'Look at the file or the database. Calls go on without it.' },
  { error: new modelmux.LengthFinishReasonError(), advice: 'Raise `max_completion_tokens`.' },
  { error: new modelmux.ContentFilterFinishReasonError(), advice: 'Change the prompt, or ask another provider.' },
  {
    error: new modelmux.UnparsableContentError(message, '', undefined),
    advice: 'Look at `content`; ask again, or loosen the schema.',
  },
];

/** `docs/errors.md`: every error with its status, code and kind, when it is thrown, and what to do. Throws when an exported error is missing. */
export function errorsPage(program: ts.Program): string {
  const docs = new Map(publicExports(program).map(({ name, doc }) => [name, doc.replaceAll(/\s*\n\s*/g, ' ')]));
  const rows = examples.map(({ error, advice }) => {
    const { status, code: errorCode } = error as Partial<modelmux.APIError>;
    const given = error.constructor === modelmux.APIError ? 'any other' : String(status ?? '');
    return [code(error.name), given, code(errorCode ?? ''), code(error.kind), docs.get(error.name) ?? '', advice];
  });
  return `${[generated, intro, table(['Error', 'Status', 'Code', 'Kind', 'When', 'What to do'], rows)].join('\n\n')}\n`;
}

const intro = `# Errors

All are \`PortkeyError\`s: \`kind\` says what went wrong, as \`on_errors\` names it; \`target\` who failed; \`attempts\` every try; \`traceId\` which call; \`cause\` the error below.
Those with a status are \`APIError\`s too, with the fields of the \`openai\` package: \`status\`, \`headers\`, \`error\`, \`code\`, \`param\`, \`type\`, \`requestID\`. A status of a
provider's refusal is the provider's; the others are ours. Where the code is empty, it is the provider's or there is none. A served gateway answers with the same status
and \`{ "error": { message, type, param, code } }\`.

A config lists kinds in \`on_errors\` and \`per_error\`: \`overloaded\` and \`unreadable\` count as \`server\`, \`truncated\` as \`network\`, \`capacity\` as \`rate_limit\`.`;

import type { ErrorKind } from '../../../core/errors/kind.ts';

/** What a provider's error says of itself. */
export interface ErrorSigns {
  /** HTTP status; undefined for an error inside a 200 or a stream. */
  readonly status?: number | undefined;
  readonly message: string;
  /** Error codes, types and reasons, most telling first: `context_length_exceeded`, `ThrottlingException`, `API_KEY_INVALID`. */
  readonly names: readonly string[];
}

/**
 * What went wrong: by a telling name, then by the message's wording, then by status, last by a general name. `server` when
 * nothing tells. A name beats the status because providers disagree on statuses: an empty account is 400, 401, 402, 403, 412 or 429.
 */
export function classifyError(signs: ErrorSigns): ErrorKind {
  return (
    kindOfName(signs.names, tellingNames) ??
    kindOfWording(signs) ??
    kindOfStatus(signs.status) ??
    kindOfName(signs.names, generalNames) ??
    'server'
  );
}

/** The HTTP status an error stands for that came without one: inside a 200 or in a stream. */
export function statusOfKind(kind: ErrorKind): number {
  return statuses[kind] ?? 502;
}

const statuses: Partial<Record<ErrorKind, number>> = {
  context_window: 400,
  content_policy: 400,
  invalid_request: 400,
  auth: 401,
  billing: 402,
  not_found: 404,
  rate_limit: 429,
  timeout: 504,
  overloaded: 529,
};

/** Names that mean one thing whatever the status. Compared in lower case. */
const tellingNames: Readonly<Record<string, ErrorKind>> = names({
  context_window: [
    'context_length_exceeded', // OpenAI, Azure, Groq, Together, Cerebras
    'exceed_context_size_error', // llama.cpp
    'tokens_limit_reached', // GitHub Models
    'model_context_window_exceeded',
    'string_above_max_length', // OpenAI: one input string
    'input_too_long',
  ],
  content_policy: [
    'content_filter', // OpenAI, Azure, Moonshot
    'content_policy_violation', // OpenAI images
    'contentfilter', // Azure images
    'moderation_blocked', // OpenAI gpt-image
    'responsibleaipolicyviolation', // Azure innererror
    'data_inspection_failed', // DashScope
    'datainspectionfailed',
    'prohibited_content',
  ],
  billing: [
    'insufficient_quota', // OpenAI 429, Perplexity 401
    'billing_hard_limit_reached',
    'billing_not_active',
    'billing_error', // Anthropic 402
    'exceeded_current_quota_error', // Moonshot 429: balance used up
    'insufficient_balance',
    'not_enough_balance', // Novita 403
    'payment_required',
    'arrearage', // DashScope 400
    'allocationquota.freetieronly', // DashScope 403
    'billing_disabled', // Google
  ],
  auth: [
    'invalid_api_key',
    'api_key_invalid', // Gemini: 400, error.details[].reason
    'api_key_service_blocked',
    'access_token_expired',
    'access_token_type_unsupported',
    'authentication_error',
    'invalid_authentication_error',
    'unauthenticated',
    'unrecognizedclientexception', // AWS
    'expiredtokenexception',
    'invalidsignatureexception',
    'missingauthenticationtokenexception',
  ],
  rate_limit: [
    'rate_limit_exceeded', // OpenAI; Groq also with status 413
    'rate_limit_error',
    'rate_limit_reached_error', // Moonshot
    'throttlingexception', // AWS
    'servicequotaexceededexception', // AWS, status 400
  ],
  overloaded: [
    'overloaded_error', // Anthropic 529
    'engine_overloaded_error', // Moonshot 429
    'engine_overloaded',
    'unavailable', // Google 503
    'slow_down', // OpenAI 503
    'serviceunavailableexception', // AWS 503
    'modelnotreadyexception', // AWS 429
    'capacity_exceeded', // Groq flex tier
  ],
  timeout: ['timeout_error', 'deadline_exceeded', 'modeltimeoutexception'],
  not_found: [
    'model_not_found', // OpenAI 404, or 403 for a project without access
    'invalid_model', // Mistral 400
    'model_not_available', // Together
    'model_decommissioned', // Groq 400
    'deploymentnotfound', // Azure
    'not_found_error',
    'resource_not_found_error', // Moonshot
    'resourcenotfoundexception',
  ],
});

/** Names that say little: they decide only where no status came. */
const generalNames: Readonly<Record<string, ErrorKind>> = names({
  rate_limit: ['resource_exhausted', 'too_many_requests', 'requests', 'tokens'],
  auth: ['permission_error', 'permission_denied', 'accessdeniedexception'],
  not_found: ['not_found'],
  invalid_request: [
    'invalid_request_error',
    'invalid_argument',
    'failed_precondition',
    'out_of_range',
    'validationexception',
    'request_too_large',
    'bad_request',
    'invalid_prompt',
    'unsupported_value',
    'invalid_value',
  ],
});

interface Wording {
  readonly kind: ErrorKind;
  /** Does the wording count beside this status? Always where no status came. */
  readonly statuses: (status: number) => boolean;
  readonly texts: readonly RegExp[];
}

/** Wordings of providers that give no telling name; the first hit wins. Examples stand in the test, one row a provider. */
const wordings: readonly Wording[] = [
  {
    kind: 'billing',
    statuses: (status) => status < 500,
    texts: [
      /credit balance is too low/i, // Anthropic 400
      /insufficient (?:account )?(?:balance|credits?|funds)/i, // DeepSeek, OpenRouter, Hyperbolic, Zhipu
      /balance is insufficient|余额不足|已欠费/i, // SiliconFlow, Zhipu
      /credits? (?:limit exceeded|(?:are|is) depleted)/i, // Together, Google
      /(?:doesn't have any|used all available|exceeded your monthly(?: included)?) credits/i, // xAI, Hugging Face
      /monthly spending limit/i, // xAI, Fireworks
      /INVALID_PAYMENT_INSTRUMENT|account is in good standing/i, // Bedrock, DashScope
    ],
  },
  {
    kind: 'context_window',
    statuses: (status) => ![401, 402, 403, 429].includes(status) && status <= 500,
    texts: [
      /maximum context length/i, // OpenAI, vLLM, OpenRouter, DeepSeek, Mistral
      /exceed(?:s|ed)? (?:the |this )?(?:model'?s? )?(?:available )?context (?:window|size|length|limit)/i, // OpenAI responses, llama.cpp, Workers AI, Anthropic
      /context (?:window|length|size) (?:exceeds|exceeded|is exceeded)|context limit exceeded/i,
      /longer than the model'?s context length/i, // SGLang, Together
      /greater than the context length|context the overflows/i, // LM Studio
      /prompt(?: is)? too long|prompt 超长/i, // Anthropic, Fireworks, Zhipu
      /input is too long|input or output is too long/i, // Bedrock
      /input token count.*(?:exceeds the maximum|only supports up to)/is, // Gemini, Vertex AI
      /exceeds the maximum number of tokens/i, // Gemini
      /maximum prompt length is \d+/i, // xAI
      /too large for model with \d+ maximum/i, // Mistral
      /reduce the length of the (?:messages|prompt|input)/i, // Groq, Cerebras
      /exceeded model token limit/i, // Moonshot
      /range of input length should be/i, // DashScope
      /must be less than max_seq_len/i, // SiliconFlow
      /(?:input length|inputs?).*exceeds (?:the )?maximum (?:allowed )?input length/is, // DeepInfra, Poolside
      /`inputs`.*(?:tokens? .*must be <=|must have less than \d+ tokens)/is, // Text Generation Inference
      /too many tokens: (?:total number of tokens|size limit exceeded)/i, // Cohere
      /max allowed tokens per submitted batch/i, // Voyage
      /max size: \d+ tokens/i, // GitHub Models
      /prompt token count.*exceeds the limit/is, // GitHub
    ],
  },
  {
    kind: 'content_policy',
    statuses: (status) => status < 500 && ![401, 404, 429].includes(status),
    texts: [
      /content (?:filter|management) policy|content filtering policy|content filters?\b/i, // Azure, Anthropic, Bedrock
      /content policy|usage (?:policy|guidelines)|acceptable use policy/i, // OpenAI, xAI
      /safety system|responsible ai/i, // OpenAI images, Vertex AI
      /content exists risk/i, // DeepSeek
      /considered high risk/i, // Moonshot
      /inappropriate content|敏感内容/i, // DashScope, Zhipu
      /requires moderation|input was flagged|flagged by moderation/i, // OpenRouter
      /nsfw/i,
    ],
  },
  {
    kind: 'auth',
    statuses: (status) => status < 500 && status !== 429,
    texts: [
      /api key (?:not valid|expired|not found|is invalid)/i, // Gemini 400
      /(?:incorrect|invalid|missing|wrong) api[- ]?(?:key|token)/i, // xAI 400, Cohere
      /security token included in the request is (?:invalid|expired)/i, // AWS
    ],
  },
  {
    kind: 'not_found',
    statuses: (status) => status === 400 || status === 422,
    texts: [
      /model (?:.{0,80} )?(?:does not exist|not exist|not found|is not available)/i, // DeepSeek 400, Ollama, Zhipu
      /not a valid model id|invalid model\b|model identifier is invalid/i, // OpenRouter, Mistral, Bedrock
    ],
  },
  {
    kind: 'overloaded',
    statuses: (status) => status >= 500,
    texts: [
      /overloaded|over capacity|at capacity|no capacity|capacity exceeded|too busy|high demand/i,
      /(?:is )?currently loading|loading model|server is busy/i, // Hugging Face, llama.cpp, SiliconFlow
    ],
  },
];

const kindOfStatusTable: Readonly<Record<number, ErrorKind>> = {
  401: 'auth',
  402: 'billing',
  403: 'auth',
  404: 'not_found',
  408: 'timeout',
  410: 'not_found',
  429: 'rate_limit',
  498: 'overloaded', // Groq: flex tier out of capacity
  504: 'timeout',
  524: 'timeout', // Cloudflare: the origin did not answer in time
  529: 'overloaded',
};

function kindOfStatus(status: number | undefined): ErrorKind | undefined {
  if (status === undefined || status < 400) return undefined;
  return kindOfStatusTable[status] ?? (status < 500 ? 'invalid_request' : 'server');
}

function kindOfName(given: readonly string[], known: Readonly<Record<string, ErrorKind>>): ErrorKind | undefined {
  for (const name of given) {
    const kind = known[name.toLowerCase()];
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function kindOfWording({ status, message }: ErrorSigns): ErrorKind | undefined {
  return wordings.find(
    (wording) => (status === undefined || wording.statuses(status)) && wording.texts.some((text) => text.test(message)),
  )?.kind;
}

function names(namesOfKind: Partial<Record<ErrorKind, readonly string[]>>): Readonly<Record<string, ErrorKind>> {
  const kinds = Object.entries(namesOfKind) as [ErrorKind, readonly string[]][];
  return Object.assign(
    Object.create(null),
    Object.fromEntries(kinds.flatMap(([kind, known]) => known.map((name) => [name, kind]))),
  );
}

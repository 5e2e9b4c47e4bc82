import type { LogRecord } from '../../../../core/log-record.ts';

/** A command that makes the call again. */
export interface Replay {
  readonly text: string;
  /** What is missing in it; undefined when it says all. */
  readonly lacks: string | undefined;
}

/** The call of `record` as a command for a shell, to the server at `origin`. Keys are left to the environment. */
export function replayOf(record: LogRecord, origin: string, needsKey: boolean): Replay {
  const { endpoint, configId, metadata, request } = record;
  const headers = [
    'content-type: application/json',
    ...(configId === undefined ? [] : [`x-portkey-config: ${configId}`]),
    ...(Object.keys(metadata).length === 0 ? [] : [`x-portkey-metadata: ${JSON.stringify(metadata)}`]),
  ];
  const key = needsKey ? ['-H "x-portkey-api-key: $MODELMUX_KEY"'] : [];
  const isWhole = request !== undefined && request.isTruncated !== true;
  const body = isWhole ? request.text : JSON.stringify(sketchOf(record));
  const parts = [
    `curl ${quoted(`${origin}/v1/${endpoint}`)}`,
    ...key,
    ...headers.map((header) => `-H ${quoted(header)}`),
    `-d ${quoted(body)}`,
  ];
  return { text: parts.join(' \\\n  '), lacks: isWhole ? undefined : lackOf(request) };
}

function lackOf(request: LogRecord['request']): string {
  return request === undefined
    ? 'What was sent is not kept (modelmux serve --log-bodies keeps it), so the body is a sketch.'
    : 'What was sent was too long to be kept whole, so the body is a sketch.';
}

function sketchOf({ endpoint, requestedModel, stream }: LogRecord): object {
  const model = requestedModel === undefined ? {} : { model: requestedModel };
  const content = '…';
  if (endpoint === 'embeddings' || endpoint === 'responses' || endpoint === 'moderations')
    return { ...model, input: content };
  if (endpoint === 'completions') return { ...model, prompt: content };
  return {
    ...model,
    ...(endpoint === 'messages' ? { max_tokens: 1024 } : {}),
    messages: [{ role: 'user', content }],
    ...(stream ? { stream } : {}),
  };
}

/** One word for a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../examples');
const run = promisify(execFile);

/** What an example prints, on a machine without any key. */
async function printed(example: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(folder, example)], {
    env: { PATH: process.env.PATH },
    timeout: 100_000,
  });
  return stdout;
}

/** What each example must show. */
const shows: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'affinity.ts': [/apart: true\nada stays: true\nwhile hers is down: true/],
  'ai-sdk.ts': [
    /tool loop: clear in Oslo -> Clear\./,
    /object: \{ sky: 'clear' \}/,
    /second target\./,
    /traceId: 'trace-1'/,
  ],
  'azure-70-30.ts': [/'azure-openai': 70/, /openai: 30/],
  'budget.ts': [
    /^(good 1150 micro-dollars\n){7}(cheap 12 micro-dollars\n){3}429 429 The budget of 0 USD per day for metadata.team=interns/,
  ],
  'cache.ts': [
    /first +MISS/,
    /the same again +HIT +openai, 0 attempts/,
    /forced to be fresh +REFRESH/,
    /a stream +HIT/,
  ],
  'canary.ts': [/'gpt-3.5-turbo': 180/, /'meta-llama\/Llama-2-70b-chat-hf': 20/],
  'conditional.ts': [
    /plan paid, max_tokens 10: claude-3-opus/,
    /plan free, max_tokens 10: gpt-4o-mini/,
    /plan free, max_tokens 2000: claude/,
  ],
  'config-by-id.ts': [
    /answers from openai/,
    /after the edit from azure-openai/,
    /broken edit: .*pc-main/,
    /still from azure-openai/,
  ],
  'configs-admin.ts': [
    /made: openai\nchanged: azure-openai/,
    /path: '\$\.virtual_key', before: 'openai-prod', after: 'azure-prod'/,
    /\$\.virtual_keey/,
    /restored: openai after 3 versions/,
    /Greet Ada in Latin\./,
    /sent to openai/,
  ],
  'cookbook.ts': [
    /OpenAI goes down/,
    /openai-prod {2}✘ 503/,
    /azure-prod {2}✔ answered/,
    /request-loadbalance-fallback-6/,
  ],
  'cooldown.ts': [/first cools down after 503/, /'first' +│ 'cooling'/, /first is back/],
  'errors.ts': [/RateLimitError 429 t1 config\.targets\[1\] 2/, /Did you mean "openai"\?/, /targets\[1\]\.weight/],
  'fallback-by-cause.ts': [/too long: gpt-4\.1\nrate limit: claude-3-haiku\nmistake: BadRequestError after 1 attempt/],
  'guardrails.ts': [
    /targets\[0\] output output_guardrails\[0\]: false/,
    /42 says openai/,
    /sent: .*<email>/,
    /446 .*"polite" refused it by default\.contains/,
  ],
  'health-check.ts': [/^anthropic success\nopenai success/],
  'from-javelin.ts': [
    /\$\.routes\[1\]\.config\.archive/,
    /'config\.targets\[0\]': 7, 'config\.targets\[1\]': 3/,
    /calls per key 10 10 10 10 10 10 10 10 10 10/,
  ],
  'from-litellm.ts': [
    /\$\.litellm_settings\.success_callback/,
    /models: gpt-3\.5-turbo, claude, gpt-4/,
    /llama-3 is answered by llama-3/,
    /Azure is down: claude-3-opus/,
    /where to go: mixtral/,
  ],
  'openai-fetch.ts': [/answered by anthropic/, /streamed: Hello/, /NotFoundError 404/],
  'jobs.ts': [
    /101 jobs: queued done in about \d+ s/,
    /taken back: true/,
    /\n\d+ done\n/,
    /99 have a result, the last one says:\nThe job was cancelled\./,
  ],
  'logs.ts': [
    /request-loadbalance-fallback: 2 calls, 3 attempts, .*, feedback 5/,
    /└─ fallback \(config\.targets\[0\]\)\n +├─ ✘ openai-prod \(openai gpt-4o-mini\): 503 overloaded/,
    /Rescued by azure-openai \(200\) after 1 failed attempt\./,
  ],
  'otlp.ts': [
    /(trace 0af76519: instance one .* failed\n)(trace 0af76519: instance one .*\n){2}(trace 0af76519: instance two .*\n){2}/,
  ],
  'otel.ts': [
    / {2}chat gpt-4o-mini \(openai\) failed: overloaded/,
    / {2}chat gpt-4o-mini \(azure\.ai\.openai\) \d+ tokens/,
    /^chat gpt-4o-mini \(2 attempts\)/m,
    /Same trace in the logs: true/,
  ],
  'quick-start.ts': [/simulated/, /'last-used-option-index': 'config'/],
  'queue.ts': [/^first, urgent, usual, batch$/m],
  'rate-limit.ts': [
    /answered: 5\nsent: sk-one sk-one sk-two sk-two sk-two\n(refused: 429 rate_limit, retry-after 60\n){2}/,
  ],
  'redis.ts': [
    /^(one {2}: answered\nother: answered\n){3}/,
    /one {2}: 429 All processes together have used up the rate_limit/,
    /Redis is killed\.\n(.*\n)?one {2}: answered/,
    /one {2}: The shared state (failed|is silent)/,
  ],
  'semantic-cache.ts': [
    /SEMANTIC HIT +0 attempts +The capital of France is what\?/,
    /\nHIT +0 attempts/,
    /SEMANTIC MISS +1 attempts +What is the capital of Norway\?/,
    /4 embeddings, 3 chat calls/,
  ],
  'serve.ts': [
    /POST \/v1\/chat\/completions 200 groq/,
    /Hello from the second target\. \(config\.targets\[1\]\)/,
    /without a key: 401/,
  ],
  'streaming.ts': [/simulated/, /'openai', 'failure', 'overloaded'/, /'anthropic', 'success'|'anthropic', 'pending'/],
  'trace-id.ts': [
    /request-loadbalance-fallback \(Zoë\): config\.targets\[0\] openai failure 503/,
    /answered by config\.targets\[1\]/,
  ],
  'virtual-keys.ts': [
    /Bearer simulated-openai/,
    /Bearer simulated-b/,
    /simulated-anthropic/,
    /VirtualKeyError .*Did you mean "openai-prod"/,
  ],
};

describe('examples', () => {
  it('are all listed here, and each is one idea in at most 50 lines', () => {
    const examples = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    expect(examples.sort()).toEqual(Object.keys(shows).sort());
    const long = examples.filter((name) => readFileSync(join(folder, name), 'utf8').split('\n').length > 51);
    expect(long).toEqual([]);
  });

  it.concurrent.each(Object.entries(shows))('%s shows what it says', async (example, expected) => {
    const output = await printed(example);
    for (const part of expected) expect(output).toMatch(part);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { filesOf, finished } from './cli.ts';

const file = filesOf();
let path: string;

beforeAll(async () => {
  path = await file(
    'config.yaml',
    `strategy:
  mode: conditional
  conditions:
    - query: { metadata.plan: { $eq: paid } }
      then: big
    - query: { params.max_tokens: { $gt: 1000 } }
      then: big
  default: small
cache: { mode: simple, max_age: 60 }
targets:
  - name: big
    strategy: { mode: fallback, on_status_codes: [429, 503] }
    retry: { attempts: 2 }
    targets:
      - provider: anthropic
        api_key: sk-secret
        override_params: { model: claude-3-opus, max_tokens: 100 }
      - strategy: { mode: loadbalance }
        targets:
          - { provider: openai, api_key: sk-a, weight: 0.7 }
          - { provider: azure-openai, resource_name: secret-resource, weight: 0.3, request_timeout: 2000 }
          - { provider: groq, weight: 0 }
  - { name: small, virtual_key: openai-prod }
`,
  );
});

interface Step {
  readonly turn: number;
  readonly path: string;
  readonly provider: string;
  readonly model?: string;
  readonly when: string;
  readonly share: number;
}

async function order(...argv: readonly string[]): Promise<readonly Step[]> {
  const { code, out } = await finished(['explain', path, '--json', ...argv]);
  expect(code).toBe(0);
  return JSON.parse(out).order;
}

describe('explain', () => {
  it('says who is tried, in which order, and why', async () => {
    const { code, out } = await finished([
      'explain',
      path,
      '-m',
      'plan=paid',
      '-r',
      '{"model":"gpt-4o","stream":true}',
    ]);
    expect(code).toBe(0);
    expect(out).toBe(`POST /v1/chat/completions, model gpt-4o, streamed, metadata plan=paid

config: conditional
│  condition 1: {"metadata.plan":{"$eq":"paid"}} ✔ matches (then "big")
│  condition 2: {"params.max_tokens":{"$gt":1000}} ✘ does not match (then "big")
│  cache: {"mode":"simple","max_age":60}
├─ config.targets[0] "big": fallback
│  │  condition 1 is the first that matches
│  ├─ config.targets[0].targets[0]: anthropic claude-3-opus
│  │     first
│  │     retry: up to 2 more on 429, 500, 502, 503, 504, 529
│  │     override_params: {"max_tokens":100}
│  └─ config.targets[0].targets[1]: loadbalance
│     │  when the one before fails with status 429, 503
│     ├─ config.targets[0].targets[1].targets[0]: openai gpt-4o
│     │     70 % of requests (weight 0.7)
│     │     retry: up to 2 more on 429, 500, 502, 503, 504, 529
│     ├─ config.targets[0].targets[1].targets[1]: azure-openai gpt-4o
│     │     30 % of requests (weight 0.3)
│     │     retry: up to 2 more on 429, 500, 502, 503, 504, 529
│     │     request_timeout: 2000 ms
│     └─ config.targets[0].targets[1].targets[2]: groq gpt-4o
│           weight 0: never picked
│           retry: up to 2 more on 429, 500, 502, 503, 504, 529
└─ config.targets[1] "small": @openai-prod gpt-4o
      another target is chosen

Order of tries
1.  config.targets[0].targets[0]             anthropic claude-3-opus  at once
2.  config.targets[0].targets[1].targets[0]  openai gpt-4o            when the one before fails with status 429, 503: 70 % of requests (weight 0.7)
2.  config.targets[0].targets[1].targets[1]  azure-openai gpt-4o      when the one before fails with status 429, 503: 30 % of requests (weight 0.3)
`);
  });

  it('looks at body, metadata and path', async () => {
    const first = async (...argv: readonly string[]) => (await order(...argv))[0]?.path;
    expect(await first()).toBe('config.targets[1]');
    expect(await first('-r', '{"max_tokens":2000}')).toBe('config.targets[0].targets[0]');
    expect(await first('-m', 'plan=free', '-m', 'x=y')).toBe('config.targets[1]');
    const request = await file('request.json', '{"max_tokens":2000}');
    expect(await first('--request', `@${request}`)).toBe('config.targets[0].targets[0]');
  });

  it('gives targets of one turn the same number, and their share', async () => {
    const steps = await order('-m', 'plan=paid');
    expect(steps.map(({ turn, provider, share }) => [turn, provider, share])).toEqual([
      [1, 'anthropic', 1],
      [2, 'openai', 0],
      [2, 'azure-openai', 0],
    ]);
  });

  it.each([
    ['round_robin', '50 % of requests: in turn, or after a sibling fails'],
    [
      'least_busy',
      'about 75 % of requests (weight 3), as "least_busy" sees it when the request comes, or after a sibling fails',
    ],
    ['sticky', '75 % of requests, the same for the same metadata._user, or after a sibling fails'],
  ])('tells how %s picks', async (algorithm, why) => {
    const config = await file(
      'algorithm.json',
      JSON.stringify({
        strategy: { mode: 'loadbalance', algorithm },
        targets: [
          { provider: 'openai', weight: 3 },
          { provider: 'groq', weight: 1 },
        ],
      }),
    );
    const { out } = await finished(['explain', config, '--json']);
    expect(JSON.parse(out).order[0].when).toBe(why);
  });

  it('draws the tree as Mermaid', async () => {
    const { out } = await finished(['explain', path, '-m', 'plan=paid', '--format', 'mermaid']);
    const lines = out.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'flowchart TD',
      '  request([request]) --> n0',
      '  n0{{"config<br/>conditional<br/>cache: {&quot;mode&quot;:&quot;simple&quot;,&quot;max_age&quot;:60}"}}',
    ]);
    expect(lines).toContain('  n0 -.->|"another target is chosen"| n7');
    expect(lines).toContain('  n0 -->|"condition 1 is the first that matches"| n1');
  });

  it('says when nobody would be tried', async () => {
    const config = await file(
      'nobody.json',
      '{"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.a":"b"},"then":"t"}]},"targets":[{"name":"t","provider":"groq"}]}',
    );
    const { code, out } = await finished(['explain', config]);
    expect([code, out]).toEqual([0, expect.stringContaining('Nobody would be tried: no condition matches')]);
  });

  it('never shows a key or a field of a provider', async () => {
    for (const format of ['text', 'json', 'mermaid']) {
      const { out } = await finished(['explain', path, '--format', format]);
      expect(out).not.toMatch(/sk-secret|sk-a|secret-resource/);
    }
  });

  it('takes what is other than chat completions, too', async () => {
    const { out } = await finished(['explain', path, '--path', '/v1/embeddings', '-r', '{"input":"x"}']);
    expect(out.split('\n')[0]).toBe('POST /v1/embeddings');
  });

  it('refuses a broken file, and what is no request', async () => {
    const broken = await file('broken.yaml', 'provider: opnai');
    const failed = await finished(['explain', broken]);
    expect([failed.code, failed.err]).toEqual([
      1,
      `${broken} cannot be used:\n  1:1 $.provider: Unknown provider "opnai". Did you mean "openai"?\n`,
    ]);
    for (const argv of [
      ['-r', '{'],
      ['-r', '[]'],
      ['-r', '@/nowhere'],
      ['-m', 'plan'],
      ['-f', 'svg'],
      ['--metdata', 'a=b'],
    ])
      expect((await finished(['explain', path, ...argv])).code).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { simulatedConfig } from '../../src/cli/simulated/simulated-config.ts';
import { unusedPort } from '../providers/transport/servers.ts';
import { simulated } from '../support/simulated.ts';
import { filesOf, finished } from './cli.ts';

const file = filesOf();
const lab = simulated();
const tree = JSON.stringify({
  strategy: { mode: 'loadbalance' },
  targets: [
    { provider: 'openai', api_key: 'sk-real', weight: 0.7 },
    { virtual_key: 'secret-slug', weight: 0.2 },
    { provider: 'bedrock', weight: 0.1, override_params: { model: '@aws/anthropic.claude-3-haiku' } },
  ],
});

async function loaded(...argv: readonly string[]) {
  const { code, out, err } = await finished(['load', ...argv, '--json']);
  return { code, err, summary: out === '' ? undefined : JSON.parse(out) };
}

describe('load', () => {
  it('sends through a config with simulated providers, by its weights', async () => {
    const { code, summary } = await loaded(await file('tree.json', tree), '--simulate', '-n', '100', '-c', '4');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ requests: 100, ok: 100, failed: 0, triesPerRequest: 1, wasStopped: false });
    const shares = summary.targets.map(({ path, provider, count }: Record<string, unknown>) => [path, provider, count]);
    expect(shares).toEqual([
      ['config.targets[0]', 'openai', 70],
      ['config.targets[1]', 'openai', 20],
      ['config.targets[2]', 'bedrock', 10],
    ]);
  });

  it('keeps the tree and takes every key and address out of it', () => {
    expect(simulatedConfig(JSON.parse(tree), (provider) => `http://sim/${provider}`)).toEqual({
      strategy: { mode: 'loadbalance' },
      targets: [
        { provider: 'openai', api_key: 'simulated', custom_host: 'http://sim/openai', weight: 0.7 },
        { provider: 'openai', api_key: 'simulated', custom_host: 'http://sim/openai', weight: 0.2 },
        {
          provider: 'bedrock',
          api_key: 'simulated',
          custom_host: 'http://sim/bedrock',
          weight: 0.1,
          override_params: { model: 'anthropic.claude-3-haiku' },
          aws_access_key_id: 'simulated',
          aws_secret_access_key: 'simulated',
          aws_region: 'us-east-1',
        },
      ],
    });
  });

  it('lets a file say how the simulated providers behave, and fails when too many requests do', async () => {
    const config = await file('one.json', '{"provider":"openai"}');
    const scenario = await file('half.yaml', 'seed: 3\nproviders:\n  openai: { errorRate: 0.5 }\n');
    const argv = [config, '--simulate', scenario, '-n', '40'];
    const failed = await loaded(...argv);
    expect(failed.code).toBe(1);
    expect(failed.summary.failed).toBeGreaterThan(5);
    expect(failed.summary.failures[0].what).toMatch(/^\d{3} \w+/);
    expect((await loaded(...argv, '--max-errors', '100')).code).toBe(0);
    const bad = await finished([
      'load',
      config,
      '--simulate',
      await file('bad.yaml', 'providers:\n  openai:\n    outge: true'),
    ]);
    expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(/bad\.yaml cannot be used:\n {2}2:3 .*outge/)]);
  });

  it('sends streams to a server, and says who answered where the server tells', async () => {
    lab.behave('openai', { headers: { 'x-portkey-last-used-option-index': 'config', 'x-portkey-provider': 'openai' } });
    const unset = await finished(['load', lab.baseUrl('openai'), '--key-env', 'KEY']);
    expect([unset.code, unset.err]).toEqual([1, 'The environment variable KEY is not set.\n']);
    const sent = await finished(['load', lab.baseUrl('openai'), '-n', '20', '-s', '--json', '--key-env', 'KEY'], {
      env: { KEY: 'sk-test' },
    });
    expect(sent.code).toBe(0);
    expect(JSON.parse(sent.out)).toMatchObject({
      ok: 20,
      firstTokenMs: { p50: expect.any(Number) },
      targets: [{ path: 'config', provider: 'openai', count: 20, share: 1 }],
    });
    expect(lab.requests('openai').map(({ key }) => key)).toEqual(Array.from({ length: 20 }, () => 'sk-test'));
    expect(lab.bodies('openai')[0]).toMatchObject({ stream: true, model: 'gpt-4o-mini' });
  });

  it('names the failures of a server that is not there', async () => {
    const { code, summary } = await loaded(`http://127.0.0.1:${await unusedPort()}/v1`, '-n', '3');
    expect([code, summary.failures]).toEqual([1, [{ what: 'network ECONNREFUSED', count: 3 }]]);
  });

  it('sends to other machines only when told to', async () => {
    const config = await file('real.json', '{"provider":"openai","api_key":"sk-real"}');
    for (const target of [config, 'https://api.openai.com/v1']) {
      const { code, err } = await finished(['load', target]);
      expect([code, err]).toEqual([1, expect.stringContaining('Give --yes if that is meant, or --simulate')]);
    }
    const local = await file(
      'local.json',
      JSON.stringify({
        strategy: { mode: 'single' },
        custom_host: lab.baseUrl('openai'),
        targets: [{ provider: 'openai', api_key: 'k' }],
      }),
    );
    expect((await loaded(local, '-n', '2')).summary).toMatchObject({ ok: 2 });
  });

  it('draws a picture', async () => {
    const { out } = await finished(['load', await file('tree.json', tree), '--simulate', '-n', '50']);
    expect(out).toMatch(/^50 requests in /);
    expect(out).toMatch(/Latency\n +mean +p50 +p90 +p95 +p99 +max\n +whole/);
    expect(out).toMatch(/≤ +\d+ m?s +\d+ +█/);
    expect(out).toMatch(/Who answered\n +config\.targets\[0\] +openai +35 +70 %/);
  });

  it('counts what a cache answers', async () => {
    const config = await file('cached.json', '{"provider":"openai","cache":{"mode":"simple"}}');
    expect((await loaded(config, '--simulate', '-n', '20', '-c', '1')).summary).toMatchObject({ ok: 20, cached: 19 });
  });

  it('shows how far it is on a terminal, beside the result', async () => {
    const config = await file('one.json', '{"provider":"openai"}');
    const scenario = await file('slow.yaml', 'defaults: { latencyMs: 150 }');
    const { out, err } = await finished(['load', config, '--simulate', scenario, '-n', '4', '-c', '2', '--json'], {
      isTty: true,
    });
    expect(err).toMatch(/· \d done/);
    expect(JSON.parse(out).ok).toBe(4);
  });

  it.each([
    [['--requests', '0']],
    [['--requests', '1e9']],
    [['--duration', '0']],
    [['--duration', '100000']],
    [['--rate', '-1']],
    [['--concurrency', 'many']],
    [['--body', '[]']],
    [['--request', '5']],
  ])('refuses what has no bound or cannot be meant: %j', async (argv) => {
    const { code, err } = await finished(['load', 'x.json', ...argv]);
    expect([code, err]).toEqual([2, expect.stringMatching(/It must be|Did you mean --requests\?/)]);
  });
});

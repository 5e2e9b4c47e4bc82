import { createServer as createTcp } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkVersions } from '../../src/cli/doctor/versions.ts';
import { startHttp, startTcp, unusedPort } from '../providers/transport/servers.ts';
import { filesOf, finished } from './cli.ts';

const file = filesOf();

interface Check {
  readonly area: string;
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

async function examined(argv: readonly string[], env: Record<string, string> = {}) {
  const { code, out } = await finished(['doctor', ...argv, '--json'], { env });
  const checks: readonly Check[] = JSON.parse(out).checks;
  return { code, out, of: (area: string) => checks.filter((check) => check.area === area).map(short) };
}

function short({ name, status, detail }: Check): string {
  return `${status} ${name}: ${detail}`;
}

describe('doctor', () => {
  it('says which keys are found, and where, without showing them', async () => {
    const { code, out, of } = await examined(['--offline'], {
      OPENAI_API_KEY: 'sk-0123456789abcd',
      GROQ_API_KEY: 'short',
      MODELMUX_VIRTUAL_KEY_TEAM_A: 'anthropic:sk-ant-0123456789',
      MODELMUX_VIRTUAL_KEY_BAD: 'opnai:sk-0123456789',
    });
    expect(code).toBe(1);
    expect(of('keys')).toEqual([
      'ok openai: …abcd in OPENAI_API_KEY',
      'ok groq: … in GROQ_API_KEY',
      'ok @team-a: anthropic in MODELMUX_VIRTUAL_KEY_TEAM_A',
      expect.stringMatching(
        /^failed @bad: MODELMUX_VIRTUAL_KEY_BAD does not say whose key it is.*Did you mean "openai:…"/,
      ),
    ]);
    expect(out).not.toMatch(/sk-0123|sk-ant|short/);
  });

  it('says when there is no key at all, which is no failure', async () => {
    const { code, of } = await examined(['--offline']);
    expect([code, of('keys')]).toEqual([
      0,
      [
        'note environment: no key of a provider, such as OPENAI_API_KEY, is set: calls need one in their config or request',
      ],
    ]);
    const said = (env: Record<string, string>) => finished(['doctor', '--offline'], { env });
    expect(await said({})).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\n\nNo API key was found: only a provider that needs none can be called\. Set one/),
    });
    expect((await said({ GROQ_API_KEY: 'k' })).out).toMatch(/\n\nNothing is wrong\.\n$/);
  });

  it('opens the vault it is told of', async () => {
    const path = await file('no-vault', 'not a vault');
    const { code, of } = await examined(['--offline'], { MODELMUX_VAULT_FILE: path, MODELMUX_VAULT_PASSPHRASE: 'x' });
    expect([code, of('keys').at(-1)]).toEqual([1, expect.stringMatching(/^failed vault: /)]);
    expect((await examined(['--offline'], { MODELMUX_VAULT_FILE: path })).of('keys').at(-1)).toBe(
      `warning vault: ${path} is there, but MODELMUX_VAULT_PASSPHRASE is not set`,
    );
    expect((await examined(['--offline'], { MODELMUX_VAULT_FILE: '/nowhere' })).of('keys').at(-1)).toBe(
      'failed vault: /nowhere does not exist',
    );
  });

  it('looks whether each target of a config has a key', async () => {
    const config = await file(
      'config.yaml',
      `strategy: { mode: fallback }
targets:
  - { provider: openai, api_key: sk-in-config }
  - { provider: groq, name: second }
  - { provider: anthropic }
  - { provider: ollama }
  - { virtual_key: team-a }
  - { virtual_key: elsewhere }
  - { provider: azure-openai, resource_name: r, deployment_id: d }
`,
    );
    const { code, of } = await examined(['--config', config, '--offline'], {
      GROQ_API_KEY: 'k',
      MODELMUX_VIRTUAL_KEY_TEAM_A: 'openai:sk-1',
    });
    expect(code).toBe(1);
    expect(of('config')).toEqual([
      'ok config.targets[0]: openai, key in the config',
      'ok config.targets[1] "second": groq, key in GROQ_API_KEY',
      'failed config.targets[2]: anthropic, no key: give api_key, or set ANTHROPIC_API_KEY',
      'ok config.targets[3]: ollama, needs no key',
      'ok config.targets[4]: @team-a, openai',
      'note config.targets[5]: @elsewhere, which is not in the environment',
      'note config.targets[6]: azure-openai, no API key',
    ]);
  });

  it('reaches the addresses of a config, with neither key nor body', async () => {
    const seen: string[] = [];
    const server = await startHttp((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(404).end();
    });
    const closed = await unusedPort();
    const silent = await startTcp((socket) => socket.resume());
    const config = await file(
      'reach.json',
      JSON.stringify({
        strategy: { mode: 'fallback' },
        targets: [server.base, `http://127.0.0.1:${closed}`, silent.base].map((custom_host, index) => ({
          provider: ['openai', 'groq', 'mistral-ai'][index],
          api_key: 'sk-secret',
          custom_host,
        })),
      }),
    );
    const { code, of } = await examined(['-c', config, '--timeout', '3000']);
    expect(code).toBe(1);
    expect(of('reachability')).toEqual([
      expect.stringMatching(/^ok openai: http:\/\/127\.0\.0\.1:\d+\/v1 answers \(404\) in \d+ ms$/),
      `failed groq: http://127.0.0.1:${closed}/v1: TCP failed (ECONNREFUSED)`,
      `failed mistral-ai: ${silent.base}/v1: no answer within 3000 ms`,
    ]);
    expect(seen).toEqual(['HEAD /v1 undefined']);
  });

  it('says what it cannot reach for want of a field', async () => {
    const { of } = await examined(['--provider', 'azure-openai', '--timeout', '50']);
    expect(of('reachability')[0]).toMatch(/^warning azure-openai: .*resource_name/);
  });

  it.each([
    ['+PONG\r\n', '', 'ok'],
    ['+OK\r\n+PONG\r\n', 'user:p%40ss@', 'ok'],
    ['-NOAUTH Authentication required.\r\n', '', 'failed'],
  ])('pings Redis: %j', async (answer, login, status) => {
    let received = '';
    const server = createTcp((socket) => {
      socket.on('data', (data) => {
        received += data.toString();
        if (received.includes('PING')) socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    const { code, of, out } = await examined([], { REDIS_URL: `redis://${login}127.0.0.1:${port}` });
    expect([code, of('redis')[0]?.split(':')[0]]).toEqual([status === 'ok' ? 0 : 1, `${status} REDIS_URL`]);
    expect(received).toBe(
      `${login === '' ? '' : '*3\r\n$4\r\nAUTH\r\n$4\r\nuser\r\n$4\r\np@ss\r\n'}*1\r\n$4\r\nPING\r\n`,
    );
    expect(out).not.toContain('p@ss');
  });

  it('says what is wrong with a Redis that is not there', async () => {
    const port = await unusedPort();
    const { code, of } = await examined([], { REDIS_URL: `redis://127.0.0.1:${port}` });
    expect([code, of('redis')]).toEqual([1, [`failed REDIS_URL: 127.0.0.1:${port}: ECONNREFUSED`]]);
    expect((await examined([], { REDIS_URL: 'localhost' })).of('redis')).toEqual([
      'failed REDIS_URL: is not a URL such as redis://localhost:6379',
    ]);
  });

  it.each([
    ['24.1.0', 'ok'],
    ['22.13.0', 'ok'],
    ['22.12.9', 'failed'],
    ['20.19.0', 'failed'],
  ])('knows which Node is enough: %s', (node, status) => {
    expect(checkVersions('1.0.0', node)[1]?.status).toBe(status);
  });

  it('is readable', async () => {
    const { code, out } = await finished(['doctor', '--offline'], { env: { GROQ_API_KEY: 'k' } });
    expect([code, out]).toEqual([0, expect.stringMatching(/^· {2}versions +modelmux[\s\S]*Nothing is wrong\.\n$/)]);
    expect((await finished(['doctor', '--ofline'])).err).toContain('Did you mean --offline?');
  });
});

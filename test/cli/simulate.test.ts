import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/main.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Starts the program in this process. */
function start(
  argv: readonly string[],
  { env = {}, isTty = false }: { env?: Record<string, string>; isTty?: boolean } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io = {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void err.push(text),
    env,
    isTty,
    signal: stop.signal,
    readInput: async () => '',
  };
  return { code: run(argv, io), out: () => out.join(''), err: () => err.join(''), stop: () => stop.abort() };
}

async function finished(argv: readonly string[]) {
  const program = start(argv);
  return { code: await program.code, out: program.out(), err: program.err() };
}

/** Runs the simulator with `--json` while `use` works with its addresses. */
async function simulating(argv: readonly string[], use: (addresses: Addresses) => Promise<void>): Promise<void> {
  const program = start(['simulate', '--port', '0', '--json', ...argv]);
  await expect.poll(() => program.out() + program.err()).toContain('\n');
  expect(program.err()).toBe('');
  await use(JSON.parse(program.out()));
  program.stop();
  expect(await program.code).toBe(0);
}

interface Addresses {
  readonly url: string;
  readonly seed: number;
  readonly baseUrls: Readonly<Record<string, string>>;
}

const ask = (url: string) =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', connection: 'close' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] }),
  });

describe('simulate', () => {
  it('prints addresses as JSON, serves them, and stops when told', async () => {
    let url = '';
    await simulating([], async (addresses) => {
      url = addresses.baseUrls['openai'] ?? '';
      expect(addresses).toMatchObject({
        simulator: true,
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        seed: 1,
        baseUrls: {
          anthropic: `${addresses.url}/anthropic/v1`,
          'azure-openai': `${addresses.url}/azure-openai/openai`,
        },
        otherProviders: `${addresses.url}/{provider}/v1`,
      });
      const response = await ask(url);
      expect([response.status, response.headers.get('x-modelmux-simulator')]).toEqual([200, 'true']);
      await response.text();
    });
    await expect(ask(url)).rejects.toThrow();
  });

  it('prints a banner that says it is a simulator', async () => {
    const program = start(['simulate', '--port', '0', '--seed', '42']);
    await expect.poll(() => program.out()).toContain('Ctrl+C');
    program.stop();
    expect(await program.code).toBe(0);
    expect(program.out()).toMatch(
      /^modelmux simulator: no model is asked, every reply is made up \(seed 42\)\.\n\n {2}openai +http:/,
    );
    expect(program.out()).toMatch(/\nStopped\.\n$/);
  });

  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, {}, false],
  ])('on a terminal: %s, with %j, styles the banner: %s', async (isTty, env, styled) => {
    const program = start(['simulate', '--port', '0'], { isTty, env });
    await expect.poll(() => program.out()).toContain('Ctrl+C');
    program.stop();
    await program.code;
    expect(program.out().includes('\u001b[1m')).toBe(styled);
  });

  it('plays a scenario from YAML or JSON', async () => {
    const yaml = await file(
      'scenario.yaml',
      [
        'seed: 9',
        'providers:',
        '  mine: { text: from YAML }',
        'scripts:',
        '  mine:',
        '    - { status: 429, retryAfter: 2 }',
      ].join('\n'),
    );
    await simulating(['--script', yaml], async ({ baseUrls, seed }) => {
      expect(seed).toBe(9);
      const limited = await ask(baseUrls['mine'] ?? '');
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
      expect(await limited.text()).toContain('rate_limit_exceeded');
      expect(await (await ask(baseUrls['mine'] ?? '')).text()).toContain('from YAML');
    });
    const json = await file('scenario.json', JSON.stringify({ defaults: { text: 'from JSON' } }));
    await simulating(['--script', json, '--seed', '3'], async ({ baseUrls, seed }) => {
      expect(seed).toBe(3);
      expect(await (await ask(baseUrls['openai'] ?? '')).text()).toContain('from JSON');
    });
    await simulating(['--script', await file('empty.yaml', '# nothing\n')], async ({ seed }) => expect(seed).toBe(1));
  });

  it('delays every reply by --latency, within a range if given one', async () => {
    await simulating(['--latency', '60-80'], async ({ baseUrls }) => {
      const startedAt = performance.now();
      await (await ask(baseUrls['openai'] ?? '')).text();
      expect(performance.now() - startedAt).toBeGreaterThan(55);
    });
  });

  it('lets a request under way finish before it stops', async () => {
    const program = start(['simulate', '--port', '0', '--json', '--latency', '150']);
    await expect.poll(() => program.out()).toContain('\n');
    const asked = request(`${JSON.parse(program.out()).baseUrls.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', expect: '100-continue', connection: 'close' },
    });
    asked.flushHeaders();
    await once(asked, 'continue');
    program.stop();
    asked.end('{"model":"m","messages":[{"role":"user","content":"Hi"}]}');
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    expect(await program.code).toBe(0);
  });
});

describe('what goes wrong', () => {
  it.each([
    [['simulate', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)"],
    [['simulat'], "error: unknown command 'simulat'\n(Did you mean simulate?)"],
    [['simulate', '--port', '70000'], 'A port is a whole number from 0 to 65535.'],
    [['simulate', '--port', ''], 'It must be a whole number.'],
    [['simulate', '--seed', '1.5'], 'It must be a whole number.'],
    [['simulate', '--latency', 'fast'], 'It must be milliseconds, or a range such as 20-80.'],
    [['simulate', '--latency', '80-20'], 'It must be milliseconds, or a range such as 20-80.'],
    [['simulate', '--tokens-per-second', '0'], 'It must be a number above 0.'],
    [['simulate', 'now'], 'too many arguments'],
    [[], 'Usage: modelmux'],
  ])('%j is a wrong way to ask: code 2', async (argv, message) => {
    const { code, err, out } = await finished(argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  it.each([
    [['--help'], 'simulate'],
    [['simulate', '--help'], '$ modelmux simulate --script outage.yaml'],
    [['--version'], '.'],
  ])('%j is answered with code 0', async (argv, text) => {
    const { code, out } = await finished(argv);
    expect(code).toBe(0);
    expect(out).toContain(text);
  });

  it('a port in use is code 1 and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, err } = await finished(['simulate', '--port', String(port)]);
    other.close();
    expect([code, err]).toEqual([
      1,
      `Port ${port} on 127.0.0.1 is in use. Choose another with --port, or 0 for any free one.\n`,
    ]);
  });

  it('an address that is not this machine’s is code 1', async () => {
    const { code, err } = await finished(['simulate', '--port', '0', '--host', '203.0.113.1']);
    expect([code, err]).toEqual([1, '203.0.113.1 is no address of this machine. Choose another with --host.\n']);
  });

  it('a file that is not there is code 1', async () => {
    const path = join(folder, 'none.yaml');
    const { code, err } = await finished(['simulate', '--script', path]);
    expect([code, err]).toEqual([1, `Cannot read ${path}: there is no such file.\n`]);
  });

  it('a file that cannot be parsed is code 1 and says where', async () => {
    const path = await file('broken.yaml', 'providers:\n  openai: {text: "x"\n  other: 1\n');
    const { code, err } = await finished(['simulate', '--script', path]);
    expect(code).toBe(1);
    expect(err).toMatch(/broken\.yaml is neither JSON nor YAML:\n {2}line 3, column \d+: /);
  });

  it('a file with mistakes is code 1 and lists them all with paths', async () => {
    const path = await file(
      'mistakes.json',
      JSON.stringify({
        seed: 'x',
        provider: {},
        providers: { openai: [{ sttaus: 1 }] },
        scripts: { groq: [{ errorRate: 3 }] },
      }),
    );
    const { code, err } = await finished(['simulate', '--script', path]);
    expect(code).toBe(1);
    expect(err.split('\n')).toEqual([
      `${path} is not a valid scenario:`,
      expect.stringMatching(/^ {2}\$\.seed: /),
      '  $.providers.openai[0]: Unrecognized key: "sttaus"',
      expect.stringMatching(/^ {2}\$\.scripts\.groq\[0\]\.errorRate: /),
      '  $: Unrecognized key: "provider"',
      '',
    ]);
    const json = await finished(['simulate', '--json', '--script', path]);
    expect(JSON.parse(json.err)).toMatchObject({
      error: { message: `${path} is not a valid scenario:`, issues: [{ path: '$.seed' }, {}, {}, {}] },
    });
  });
});

// Node runs TypeScript by itself from 22.18 on; older ones run only the built program.
describe.skipIf(!process.features.typescript)('as a program of its own', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with code 0 on %s', async (signal) => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'simulate', '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(child.stdout, 'data');
    const { url } = JSON.parse(String(output)) as Addresses;
    expect((await fetch(url, { headers: { connection: 'close' } })).status).toBe(200);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

import { run } from '../../src/cli/main.ts';

/** The program itself, from source. */
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
process.exitCode = await run(['serve', ...process.argv.slice(2)], {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: {},
  isTty: false,
  signal: stop.signal,
  readInput: async () => '',
});

import type { Command } from 'commander';
import type { CliIo } from './io.ts';
import { numberFrom, wholeNumber } from './option-values.ts';

/** Adds `modelmux demo`: shows the router at work over simulated providers. */
export function addDemo(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description(
      'Watch the router at work: simulated providers, traffic, and an outage in the middle. No key is needed.',
    )
    .option('--seconds <number>', 'how long it runs', numberFrom(1, 3600), 60)
    .option('--once', 'run for 3 seconds only')
    .option('-r, --rate <number>', 'requests per second', numberFrom(1, 500), 20)
    .option('--seed <seed>', 'fixes everything that is drawn or made up', wholeNumber(0, 2_147_483_647), 1)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action(async (options: DemoOptions) => {
      // The router and the simulator are loaded only by those who watch them.
      const { demo } = await import('./demo/run-demo.ts');
      await demo({ ...options, seconds: options.once ? 3 : options.seconds }, io);
    });
}

const examples = `
Ctrl+C ends it. On a terminal it shows a table, elsewhere a line a second.

Examples:
  $ modelmux demo
  $ modelmux demo --seconds 20 --rate 100
  $ modelmux demo --once --json
`;

interface DemoOptions {
  readonly seconds: number;
  readonly once?: boolean;
  readonly rate: number;
  readonly seed: number;
  readonly json?: boolean;
}

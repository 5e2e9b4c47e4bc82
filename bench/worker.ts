import type { Addresses, Contest } from './contender.ts';
import { type Load, measure } from './measurement.ts';

// Runs one contender of one contest in a process of its own: arguments are the contest's module, its name there, the contender's
// name, and the addresses as JSON. Each message is a load; each is answered with its measurement.

const [moduleUrl = '', contestName = '', contenderName = '', addresses = '{}'] = process.argv.slice(2);

process.on('disconnect', () => process.exit());
await open().catch((error: unknown) => {
  process.send?.({ failed: error instanceof Error ? error.message : String(error) });
});

async function open(): Promise<void> {
  const exports = (await import(moduleUrl)) as Record<string, Contest>;
  const contender = exports[contestName]?.contenders.find(({ name }) => name === contenderName);
  if (contender === undefined) throw new Error(`No contender "${contenderName}" in ${contestName} of ${moduleUrl}`);
  const operation = await contender.open(JSON.parse(addresses) as Addresses);
  await operation();
  process.on('message', (load: Load) => {
    measure(operation, load).then(
      (measurement) => process.send?.({ measurement }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  });
  process.send?.({ ready: true });
}

import { type Child, startChild } from './child.ts';
import type { Addresses, Contender, Contest } from './contender.ts';
import type { Gateway } from './gateway.ts';
import { type Measurement, median } from './measurement.ts';

/** Where a contest's module is and what it is called there: contenders run in processes of their own and find themselves by it. */
export interface ContestPlace {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly contest: Contest;
}

/** The servers of a run. */
export interface Servers {
  readonly addresses: Addresses;
  readonly gateway: Gateway | undefined;
}

/** How a contender did. Figures are per unit, one of each round. */
export interface Standing {
  readonly name: string;
  /** Why it could not take part. */
  readonly absent?: string;
  readonly cpuUs: readonly number[];
  /** CPU time over the first contender's in the same round. */
  readonly ratios: readonly number[];
  readonly wallUs: readonly number[];
  readonly toldMs: readonly number[];
  /** CPU time of the gateway per unit, for contenders that go through it. */
  readonly gatewayUs: readonly number[];
}

// Code is compiled in stages as it is used: fewer rounds measure the compiler.
const warmUpRounds = 6;

/** Runs all contenders in turn, round after round: A B C A B C. What slows the machine for a while slows them all. */
export async function compare(place: ContestPlace, servers: Servers): Promise<readonly Standing[]> {
  const { contest } = place;
  const seats = await Promise.all(contest.contenders.map((contender) => takeSeat(contender, place, servers)));
  try {
    for (let round = -warmUpRounds; round < contest.rounds; round++) {
      for (const seat of seats) {
        const taken = await runRound(seat, contest, servers);
        if (round >= 0 && taken !== undefined) seat.rounds.push(taken);
      }
    }
  } finally {
    for (const { child } of seats) child?.stop();
  }
  return seats.map((seat) => standingOf(seat, seats[0], contest));
}

interface Seat {
  readonly contender: Contender;
  readonly child: Child | undefined;
  absent: string | undefined;
  readonly rounds: Round[];
}

interface Round extends Measurement {
  readonly gatewayUs: number | undefined;
}

async function takeSeat(contender: Contender, place: ContestPlace, { addresses, gateway }: Servers): Promise<Seat> {
  const seat = { contender, child: undefined, absent: undefined, rounds: [] };
  if (contender.usesGateway === true && gateway === undefined) return { ...seat, absent: 'the gateway did not start' };
  const args = [place.moduleUrl, place.exportName, contender.name, JSON.stringify(addresses)];
  const child = startChild('worker.ts', args);
  const answer = await child.next<{ failed?: string }>();
  if (answer.failed === undefined) return { ...seat, child };
  child.stop();
  return { ...seat, absent: answer.failed };
}

async function runRound(seat: Seat, contest: Contest, { gateway }: Servers): Promise<Round | undefined> {
  const { child, contender } = seat;
  if (child === undefined || seat.absent !== undefined) return undefined;
  const { operationsPerRound: operations, concurrency } = contest;
  const used = contender.usesGateway === true ? gateway : undefined;
  const before = used?.cpuUs();
  child.send({ operations, concurrency });
  const { measurement, failed } = await child.next<{ measurement?: Measurement; failed?: string }>();
  seat.absent = failed;
  if (measurement === undefined) return undefined;
  const after = used?.cpuUs();
  const gatewayUs = before === undefined || after === undefined ? undefined : (after - before) / operations;
  return { ...measurement, gatewayUs };
}

function standingOf({ contender, absent, rounds }: Seat, first: Seat | undefined, contest: Contest): Standing {
  const per = (value: number) => value / contest.unitsPerOperation;
  return {
    name: contender.name,
    ...(absent === undefined ? {} : { absent }),
    cpuUs: rounds.map(({ cpuUs }) => per(cpuUs)),
    ratios: rounds.map(({ cpuUs }, index) => cpuUs / (first?.rounds[index]?.cpuUs ?? Number.NaN)),
    wallUs: rounds.map(({ wallUs }) => per(wallUs)),
    toldMs: rounds.flatMap(({ toldMs }) => toldMs ?? []),
    gatewayUs: rounds.flatMap(({ gatewayUs }) => (gatewayUs === undefined ? [] : [per(gatewayUs)])),
  };
}

/** `median (least-most)` with the given number of decimals; `-` of none. */
export function spread(values: readonly number[], decimals: number): string {
  if (values.length === 0) return '-';
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  return `${middle.toFixed(decimals)} (${least.toFixed(decimals)}-${most.toFixed(decimals)})`;
}

import type { Behaviour, ReplyBehaviour, Scenario } from './behaviour.ts';
import { formatOf } from './formats/index.ts';
import type { WireFormat } from './formats/wire-format.ts';
import { derivedSeed, hash, type Random, seededRandom } from './random.ts';
import { type RecordedRequest, type Recording, recording } from './recording.ts';
import { type Standing, standing } from './standing.ts';

/** One simulated provider: its wire format, what it will do, and what it was asked. */
export interface ProviderState {
  readonly name: string;
  readonly format: WireFormat;
  readonly standing: Standing;
  readonly recording: Recording;
  /** Numbers for the next request; they depend on the seed, the provider and how many requests came before. */
  nextRandom(): Random;
}

/** The simulated providers by name, made when first named. */
export interface Providers {
  get(name: string): ProviderState;
  /** Every provider named so far. */
  all(): readonly ProviderState[];
}

/** Providers as a scenario begins. */
export function providers(scenario: Scenario, seed: number, recordLimit: number): Providers {
  const states = new Map<string, ProviderState>();
  const get = (name: string) => {
    let state = states.get(name);
    if (state === undefined) {
      state = providerState(name, scenario, { seed, recordLimit });
      states.set(name, state);
    }
    return state;
  };
  return { get, all: () => [...states.values()] };
}

function providerState(
  name: string,
  scenario: Scenario,
  { seed, recordLimit }: { readonly seed: number; readonly recordLimit: number },
): ProviderState {
  const own = entry(scenario.providers, name) ?? noBehaviour;
  const behaviours = standing(scenario.defaults ?? noBehaviour, own);
  behaviours.script(entry(scenario.scripts, name) ?? noReplies);
  const providerSeed = hash(`${seed}/${name}`);
  let sequence = 0;
  return {
    name,
    format: formatOf(name),
    standing: behaviours,
    recording: recording(recordLimit),
    nextRandom() {
      sequence += 1;
      return seededRandom(derivedSeed(providerSeed, sequence));
    },
  };
}

/** Names come from URLs, so `constructor` must not be found. */
function entry<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

const noBehaviour: Behaviour = {};
const noReplies: readonly ReplyBehaviour[] = [];

/** Requests of one provider, or of all in order of time. */
export function recorded(known: Providers, name: string | undefined): readonly RecordedRequest[] {
  if (name !== undefined) return known.get(name).recording.list();
  const all = known.all().flatMap((state) => state.recording.list());
  return all.sort((one, other) => one.time - other.time);
}

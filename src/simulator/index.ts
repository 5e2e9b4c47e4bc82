/**
 * Simulated providers that speak the real wire formats.
 *
 * @module modelmux/simulator
 */

export type * from './behaviour.ts';
export { parseScenario } from './behaviour-schema.ts';
export { simulatedProviders } from './formats/index.ts';
export type { RecordedRequest } from './recording.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

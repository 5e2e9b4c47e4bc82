import type { Config } from '../../config/config.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { parseScenario, type Scenario, type Simulator, startSimulator } from '../../simulator/index.ts';
import { fileFailure, readSoundDocument } from '../files/read-document.ts';
import type { CliIo } from '../io.ts';
import { simulatedConfig } from './simulated-config.ts';

/** Simulated providers, and a config that asks them. */
export interface Simulated {
  readonly simulator: Simulator;
  readonly config: Config;
}

/** Starts simulated providers for the targets of a config; `scenarioFile` says how they behave. Rejects with `CliFailure` for a file that cannot be used. */
export async function startSimulated(
  config: Config,
  scenarioFile: string | undefined,
  io: Pick<CliIo, 'readInput'>,
): Promise<Simulated> {
  const scenario = scenarioFile === undefined ? {} : await readScenario(scenarioFile, io);
  const simulator = await startSimulator({ ...scenario, recordLimit: 0 });
  return { simulator, config: simulatedConfig(config, simulator.baseUrl) };
}

async function readScenario(file: string, io: Pick<CliIo, 'readInput'>): Promise<Scenario> {
  const document = await readSoundDocument(file, io);
  try {
    return parseScenario(document.value ?? {});
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw fileFailure(
      document,
      error.issues.map((issue) => ({ ...issue, ...document.locate(issue.path) })),
    );
  }
}

import { afterAll, beforeAll, describe } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { type Family, type Run, runsOf, serves } from './runs.ts';
import { type Stage, simulatorOfFile, stageOf } from './stage.ts';
import { embeddingsSuite } from './suite/embeddings.ts';
import { errorSuite } from './suite/errors.ts';
import { replySuite } from './suite/replies.ts';
import { requestSuite } from './suite/requests.ts';
import { turnSuite } from './suite/turns.ts';

/** Runs the suite for every provider of `family`, before one simulator. */
export function providerFamily(family: Family): void {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await simulatorOfFile();
  });
  afterAll(() => simulator.stop());
  for (const run of runsOf(family)) describe(run.title, () => providerSuite(run, () => simulator));
}

/** What every provider must prove, through the real client and over real HTTP; the parts are those it serves. */
export function providerSuite(run: Run, simulator: () => Simulator): void {
  const stage = lateStage(run, simulator);
  if (serves(run.provider, 'chat/completions')) {
    describe('chat requests', () => requestSuite(stage));
    describe('chat replies', () => replySuite(stage));
    describe('chat turns', () => turnSuite(stage));
    describe('chat errors', () => errorSuite(stage));
  }
  if (run.embeddingModel !== undefined) describe('embeddings', () => embeddingsSuite(stage));
}

/** A stage that is set up when it is first used: the simulator starts after the tests are collected. */
function lateStage(run: Run, simulator: () => Simulator): Stage {
  let stage: Stage | undefined;
  const open = () => {
    stage ??= stageOf(run, simulator());
    return stage;
  };
  return {
    run,
    reset: () => open().reset(),
    script: (...replies) => open().script(...replies),
    create: (body) => open().create(body),
    stream: (body) => open().stream(body),
    embed: (body) => open().embed(body),
    sent: () => open().sent(),
  };
}

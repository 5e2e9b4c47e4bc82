import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientLogs } from '../../src/config/client-logs.ts';
import type { LogOptions } from '../../src/config/log-options.ts';
import { createEventHub } from '../../src/core/event-hub.ts';
import { type Runtime, systemClock } from '../../src/core/runtime.ts';
import { chat } from '../../src/resources/chat.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import { plainTree } from '../configs.ts';
import type { Contest, Operation } from '../contender.ts';
import { instantNetwork } from '../instant-network.ts';
import { chatReply, chatRequest } from '../payloads.ts';

const batch = 1000;

/** What a record of every call adds to the call. The process's whole CPU time is counted, the thread of the log file with it. */
export const contest: Contest = {
  title: 'Logging: whole create() over a network that answers at once',
  unit: 'request',
  unitsPerOperation: batch,
  operationsPerRound: 30,
  concurrency: 1,
  rounds: 15,
  contenders: [
    { name: 'no logs', open: async () => calls(undefined) },
    { name: 'in memory, the default', open: async () => calls({}) },
    { name: 'in memory, with bodies', open: async () => calls({ bodies: true }) },
    { name: 'in a SQLite file', open: async () => calls({ file: file() }) },
    { name: 'in a SQLite file, with bodies', open: async () => calls({ file: file(), bodies: true }) },
  ],
};

function file(): string {
  return join(mkdtempSync(join(tmpdir(), 'modelmux-bench-')), 'logs.db');
}

const replyText = JSON.stringify(chatReply);

function calls(logs: LogOptions | undefined): Operation {
  const events = createEventHub();
  let ids = 0;
  const runtime: Runtime = {
    clock: systemClock,
    random: Math.random,
    requestId: () => `request-${process.pid}-${++ids}`,
    traceId: () => 'trace',
    events,
    transport: instantNetwork(replyText),
  };
  const caller = createCaller({ config: plainTree('http://127.0.0.1:9') }, runtime);
  const kept = logs === undefined ? undefined : clientLogs(logs, systemClock, events);
  const { completions } = chat(caller);
  return async () => {
    for (let i = 0; i < batch; i++) await completions.create(chatRequest);
    await kept?.flush();
  };
}

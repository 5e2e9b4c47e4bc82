import type { SqliteDatabase } from './database.ts';

/** What a client of the worker asks: one method of the database. */
export interface WorkerCall {
  readonly id: number;
  readonly method: keyof SqliteDatabase;
  readonly argument: unknown;
}

/** What the worker answers: to a call, or with `id` 0 that the file is open, or why it is not. */
export type WorkerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: WorkerFailure };

/** An error as it crosses from one thread to the other. */
export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

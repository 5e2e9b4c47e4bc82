import { ConflictError } from '../../core/errors/api-error.ts';

const mostTries = 20;

/** Tries again where another wrote the same document first: each try goes on from what that wrote. */
export async function untilWritten<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === mostTries) throw error;
    }
  }
}

import { randomToken } from './random-token.ts';

/** Visitors that showed the admin key. */
export interface Sessions {
  /** Begins one; gives what its cookie holds. */
  begin(now: number): Promise<string>;
  /** Is this the cookie of a session that goes on? */
  has(token: string, now: number): Promise<boolean>;
  end(token: string): Promise<void>;
}

/** Milliseconds after which a visitor signs in again. */
export const sessionMs = 12 * 60 * 60 * 1000;
const mostSessions = 1000;

/**
 * Sessions of this process: they end with it. What is kept are digests, so that nobody who reads memory or a dump of it can take a session
 * over. Of too many, the oldest goes.
 */
export function createSessions(digest: (text: string) => string | Promise<string>): Sessions {
  const ends = new Map<string, number>();
  return {
    async begin(now) {
      const token = randomToken();
      for (const [key, end] of ends) if (end <= now) ends.delete(key);
      if (ends.size >= mostSessions) ends.delete(ends.keys().next().value ?? '');
      ends.set(await digest(token), now + sessionMs);
      return token;
    },
    has: async (token, now) => (ends.get(await digest(token)) ?? 0) > now,
    async end(token) {
      ends.delete(await digest(token));
    },
  };
}

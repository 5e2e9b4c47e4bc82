import { isSameDigest, sha256 } from '../keys/sha256.ts';

/** IDs of jobs as callers see them: they say whose job it is, so that nobody need keep that. */
export interface Tickets {
  ticketOf(jobId: string, owner: string): Promise<string>;
  /** The job of `ticket`; undefined when it is not `owner`'s. */
  jobOf(ticket: string, owner: string): Promise<string | undefined>;
}

/** Tickets that servers with the same keys understand. */
export function createTickets(secrets: readonly string[]): Tickets {
  const secret = secrets.join('\n');
  const markOf = async (jobId: string, owner: string) =>
    (await sha256(JSON.stringify([secret, owner, jobId]))).slice(0, 16);
  return {
    ticketOf: async (jobId, owner) => `${jobId}.${await markOf(jobId, owner)}`,
    async jobOf(ticket, owner) {
      const at = ticket.lastIndexOf('.');
      const jobId = ticket.slice(0, at);
      return at > 0 && isSameDigest(ticket.slice(at + 1), await markOf(jobId, owner)) ? jobId : undefined;
    },
  };
}

import type {
  Correction,
  SharedAnswer,
  SharedClaim,
  SharedMessage,
  Shortage,
  TotalClaim,
  WindowClaim,
} from '../../src/core/shared-state.ts';

interface Entry {
  readonly at: number;
  amount: number;
}

/** What a shared state knows, written anew from what the port promises: exact, in memory, on the time it is told. */
export class SharedLedger {
  #windows = new Map<string, Entry[]>();
  #totals = new Map<string, number>();
  #places = new Map<string, Map<string, number>>();
  #batches = new Map<string, number>();
  #openings = new Map<string, number>();
  #version = 0;

  /** Does all that a message asks. */
  apply(message: SharedMessage, now: number): SharedAnswer {
    this.#applyOnce(message, now);
    for (const { id, forMs } of message.openings) this.#open(id, now + forMs);
    const shortages: Shortage[] = [];
    const taken = this.#takeFirst(message, now, shortages);
    const told = this.#version === message.seenVersion ? [] : [...this.#openings].filter(([, until]) => until > now);
    const openings = told.map(([id, until]) => ({ id, forMs: until - now }));
    return { taken, at: now, shortages, version: this.#version, openings };
  }

  /** Forgets everything but its version, as after a restart without a disk. */
  wipe(): void {
    for (const all of [this.#windows, this.#totals, this.#places, this.#batches, this.#openings]) all.clear();
  }

  /** Places held now. */
  leases(now: number): number {
    return [...this.#places.keys()].reduce((sum, key) => sum + this.#placesOf(key, now).size, 0);
  }

  #applyOnce({ sender, batch, corrections, leaseMs }: SharedMessage, now: number): void {
    if (batch === 0 || batch <= (this.#batches.get(sender) ?? 0)) return;
    for (const correction of corrections) this.#correct(correction, leaseMs, now);
    this.#batches.set(sender, batch);
  }

  #correct(correction: Correction, leaseMs: number, now: number): void {
    if (correction.kind === 'add') {
      this.#add(correction.claim, correction.takenAt, now);
      return;
    }
    const { kind, key, lease } = correction;
    const held = this.#placesOf(key, now);
    if (kind === 'release') held.delete(lease);
    else if (held.has(lease)) held.set(lease, now + leaseMs);
  }

  #add(claim: WindowClaim | TotalClaim, takenAt: number | undefined, now: number): void {
    if (claim.kind === 'total') {
      this.#totals.set(claim.key, Math.max(0, (this.#totals.get(claim.key) ?? 0) + claim.amount));
      return;
    }
    const window = this.#windowOf(claim, now);
    if (takenAt === undefined) window.push({ at: now, amount: claim.amount });
    const entry = window.find(({ at }) => at === takenAt);
    if (entry !== undefined) entry.amount = Math.max(0, entry.amount + claim.amount);
  }

  #open(id: string, until: number): void {
    if (until <= (this.#openings.get(id) ?? 0)) return;
    this.#openings.set(id, until);
    this.#version++;
  }

  #takeFirst(message: SharedMessage, now: number, shortages: Shortage[]): number | undefined {
    const index = message.candidates.findIndex((claims) => {
      const missing = this.#missing(claims, now);
      shortages.push(...missing);
      return missing.length === 0;
    });
    for (const claim of message.candidates[index] ?? []) this.#take(claim, message, now);
    return index < 0 ? undefined : index;
  }

  #missing(claims: readonly SharedClaim[], now: number): readonly Shortage[] {
    const pending = new Map<string, number>();
    return claims.flatMap((claim) => {
      const before = pending.get(claim.key) ?? 0;
      pending.set(claim.key, before + (claim.kind === 'lease' ? 1 : claim.amount));
      const waitMs = this.#waitFor(claim, before, now);
      const isSoft = claim.kind === 'window' && claim.isSoft === true;
      return waitMs === 0 || isSoft ? [] : [{ key: claim.key, waitMs }];
    });
  }

  /** Milliseconds until a claim fits beside what is taken and `pending`. */
  #waitFor(claim: SharedClaim, pending: number, now: number): number {
    if (claim.kind === 'lease')
      return this.#placesOf(claim.key, now).size + pending < claim.limit ? 0 : Number.POSITIVE_INFINITY;
    if (claim.kind === 'total')
      return (this.#totals.get(claim.key) ?? 0) + pending + claim.amount <= claim.limit ? 0 : claim.endsInMs;
    const window = this.#windowOf(claim, now);
    const used = window.reduce((sum, { amount }) => sum + amount, 0);
    let excess = used + pending + Math.min(claim.amount, claim.limit) - claim.limit;
    if (excess <= 0) return 0;
    for (const { at, amount } of window) {
      excess -= amount;
      if (excess <= 0) return at + claim.windowMs - now;
    }
    return claim.windowMs;
  }

  #take(claim: SharedClaim, { lease, leaseMs }: SharedMessage, now: number): void {
    if (claim.kind === 'lease') this.#placesOf(claim.key, now).set(lease, now + leaseMs);
    else if (claim.kind === 'total') this.#totals.set(claim.key, (this.#totals.get(claim.key) ?? 0) + claim.amount);
    else this.#windowOf(claim, now).push({ at: now, amount: Math.min(claim.amount, claim.limit) });
  }

  #windowOf({ key, windowMs }: WindowClaim, now: number): Entry[] {
    const window = (this.#windows.get(key) ?? []).filter(({ at }) => at + windowMs > now);
    this.#windows.set(key, window);
    return window;
  }

  #placesOf(key: string, now: number): Map<string, number> {
    const held = this.#places.get(key) ?? new Map<string, number>();
    this.#places.set(key, held);
    for (const [lease, until] of held) if (until <= now) held.delete(lease);
    return held;
  }
}

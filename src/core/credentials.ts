import type { KeyTerms } from './key-terms.ts';

const redacted = '[redacted]';

/** A virtual key resolved: who is asked, the key, and the provider's fields. Prints as `[redacted]` everywhere. */
export class Credentials {
  readonly #provider: string;
  readonly #apiKey: string | undefined;
  readonly #settings: Settings;
  readonly #terms: KeyTerms | undefined;

  constructor(facts: CredentialFacts) {
    this.#provider = facts.provider;
    this.#apiKey = facts.apiKey;
    this.#settings = facts.settings ?? {};
    this.#terms = facts.terms;
  }

  get provider(): string {
    return this.#provider;
  }

  /** The secret. Only authenticators read it. */
  get apiKey(): string | undefined {
    return this.#apiKey;
  }

  /** Provider fields in camelCase: `resourceName`, `deploymentId`, `secretAccessKey`, … */
  get settings(): Settings {
    return this.#settings;
  }

  /** What the key may be used for; absent: anything. */
  get terms(): KeyTerms | undefined {
    return this.#terms;
  }

  toJSON(): string {
    return redacted;
  }

  toString(): string {
    return redacted;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted;
  }
}

/** Provider fields of a target by camelCase name. Values are strings, numbers, booleans or JSON. */
export type Settings = Readonly<Record<string, unknown>>;

/** What {@link Credentials} are made of. */
export interface CredentialFacts {
  readonly provider: string;
  readonly apiKey?: string | undefined;
  readonly settings?: Settings;
  readonly terms?: KeyTerms | undefined;
}

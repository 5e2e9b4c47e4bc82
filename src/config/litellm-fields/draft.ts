import type { CallOverrides } from '../../core/context.ts';
import type { CallGroups } from '../../core/model-groups.ts';
import type { ResolveGroup } from '../../routing/strategies/index.ts';

/** What the fields of one body amount to, while they are read. */
export interface Draft {
  /** The model asked for, once aliases are resolved; empty where the body names none. */
  readonly model: string;
  /** Undefined where the config has no model groups. */
  readonly resolve: ResolveGroup | undefined;
  call: Writable<CallOverrides>;
  groups: Writable<CallGroups>;
  metadata: Record<string, string>;
}

type Writable<Fields> = { -readonly [Key in keyof Fields]: Fields[Key] };

/** Reads one field into the draft. `value` is neither null nor undefined. Throws {@link FieldProblem}. */
export type ReadField = (value: unknown, draft: Draft) => void;

/** A field, or something in it, that cannot be meant. */
export class FieldProblem extends Error {
  /** Below the field: `[0]["a"]`. */
  readonly path: string;

  constructor(message: string, path = '') {
    super(message);
    this.path = path;
  }
}

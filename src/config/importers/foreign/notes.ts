import { ConfigError, type ConfigIssue } from '../../../core/errors/config-error.ts';

/** Something in a foreign document that has no effect here, or another one than there. */
export interface ImportWarning {
  /** JSON path: `$.litellm_settings.success_callback`. */
  readonly path: string;
  /** What becomes of it, and what to use instead. */
  readonly message: string;
}

/** What there is to say of a document while it is read. */
export interface Notes {
  /** `message` says what becomes of what stands at `path`. */
  warn(path: string, message: string): void;
  /** The document cannot be used as it is. */
  refuse(path: string, message: string): void;
  readonly warnings: readonly ImportWarning[];
  /** Throws one `ConfigError` with all that was refused; nothing happens when there is none. */
  throwIfRefused(): void;
}

const mostNotes = 1000;

/** Nothing to say yet. `subject`: `Invalid LiteLLM document`. The same message at the same path is kept once. */
export function createNotes(subject: string): Notes {
  const warnings = new Map<string, ImportWarning>();
  const refusals = new Map<string, ConfigIssue>();
  const add = (to: Map<string, ImportWarning>, path: string, message: string) => {
    if (to.size < mostNotes) to.set(`${path}\n${message}`, { path, message });
  };
  return {
    warn: (path, message) => add(warnings, path, message),
    refuse: (path, message) => add(refusals, path, message),
    get warnings() {
      return [...warnings.values()];
    },
    throwIfRefused() {
      if (refusals.size > 0) throw new ConfigError([...refusals.values()], subject);
    },
  };
}

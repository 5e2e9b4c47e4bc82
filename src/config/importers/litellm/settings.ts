import type { Section } from '../foreign/section.ts';

/** LiteLLM's settings, wherever they stand. */
export interface Settings {
  /**
   * The section that holds `key`, the first in this order: the Router's own arguments, `router_settings`, `litellm_settings`. Undefined where
   * nobody says it. The others that say it too are overruled, which is noted.
   */
  holder(key: string): Section | undefined;
  /** Notes that a key has no counterpart here, wherever it stands. */
  warn(key: string, message: string): void;
}

/** The settings of `sections`, those first that win. */
export function settingsOf(sections: readonly (Section | undefined)[]): Settings {
  const given = sections.filter((section) => section !== undefined);
  const holder = (key: string): Section | undefined => {
    const [first, ...others] = given.filter((section) => section.has(key));
    for (const other of others) other.warn(key, `Overruled by ${first?.pathOf(key)}.`);
    return first;
  };
  return {
    holder,
    warn(key, message) {
      for (const section of given) section.warn(key, message);
    },
  };
}

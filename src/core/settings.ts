import type { Settings } from './credentials.ts';

/**
 * Provider fields as a user may spell them, made {@link Settings}: `azure_resource_name`, `azureResourceName`,
 * `resource_name` and `resourceName` all become `resourceName` when `fieldPrefix` is `azure`.
 *
 * Values are taken as they are: nothing inside an object or a list is respelled. A field that is undefined counts as absent.
 * A field given in two spellings is left out of `settings` and listed in `collisions`; the caller refuses it.
 */
export function toSettings(fields: Readonly<Record<string, unknown>>, fieldPrefix?: string): SettingsReading {
  const spellings = Map.groupBy(
    Object.keys(fields).filter((field) => fields[field] !== undefined),
    (field) => settingName(field, fieldPrefix),
  );
  const readings = [...spellings].map(([name, fieldsOfName]) => ({ name, spellings: fieldsOfName }));
  return {
    // `fromEntries` defines own members, so that a field called `__proto__` stays a field.
    settings: Object.fromEntries(
      readings.flatMap(({ name, spellings: [field, ...others] }) =>
        field === undefined || others.length > 0 ? [] : [[name, fields[field]]],
      ),
    ),
    collisions: readings.filter((reading) => reading.spellings.length > 1),
  };
}

/** What {@link toSettings} made of a user's fields. */
export interface SettingsReading {
  readonly settings: Settings;
  readonly collisions: readonly SettingsCollision[];
}

/** One setting given more than once. */
export interface SettingsCollision {
  /** The setting's own name: `resourceName`. */
  readonly name: string;
  /** How the user wrote it, in order: `['resource_name', 'azure_resource_name']`. */
  readonly spellings: readonly string[];
}

/** The setting that `field` stands for: camelCase, without `fieldPrefix` where a word follows it. */
export function settingName(field: string, fieldPrefix?: string): string {
  const name = toCamelCase(field);
  const prefix = fieldPrefix === undefined ? '' : toCamelCase(fieldPrefix);
  const rest = name.slice(prefix.length);
  const isPrefixed = prefix !== '' && name.startsWith(prefix) && /^[A-Z0-9]/.test(rest);
  return isPrefixed ? rest.charAt(0).toLowerCase() + rest.slice(1) : name;
}

function toCamelCase(name: string): string {
  return name.replace(/(?<=[a-zA-Z0-9])_([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

import type { ConsoleContext } from './console-env.ts';

/** What a form sent: texts by name. */
export interface Form {
  /** The text of a field; empty where there is none. */
  text(name: string): string;
  /** All texts of fields with this name, in order. */
  all(name: string): readonly string[];
}

/** Reads the form in a request's body. */
export async function formOf(c: ConsoleContext): Promise<Form> {
  const fields = await c.req.parseBody({ all: true });
  const all = (name: string): readonly string[] => {
    const given = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return (Array.isArray(given) ? given : [given]).filter((text) => typeof text === 'string');
  };
  // Browsers end lines of a text with CR and LF.
  return { all, text: (name) => (all(name)[0] ?? '').replaceAll('\r\n', '\n') };
}

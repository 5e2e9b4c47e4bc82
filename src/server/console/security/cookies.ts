import type { ConsoleContext } from '../console-env.ts';
import { consolePath } from '../console-env.ts';

/** Cookies of the console by name. */
export const cookieNames = { session: 'modelmux_console', theme: 'modelmux_theme' } as const;

/** The value of a cookie; undefined without one. */
export function cookieOf(c: ConsoleContext, name: string): string | undefined {
  for (const part of c.req.header('cookie')?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** A cookie that no script reads and no other site sends along, sent over TLS only where the page came over TLS. */
export function sessionCookie(c: ConsoleContext, value: string, seconds: number): string {
  const isSecure = c.req.header('origin')?.startsWith('https:') === true || c.req.url.startsWith('https:');
  const secure = isSecure ? '; Secure' : '';
  return `${cookieNames.session}=${value}; Path=${consolePath}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}

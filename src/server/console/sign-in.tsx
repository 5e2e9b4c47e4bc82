import type { Gateway } from '../gateway.ts';
import { sha256 } from '../keys/sha256.ts';
import { type ConsoleContext, consolePath } from './console-env.ts';
import { createAttempts } from './security/attempts.ts';
import { cookieNames, cookieOf, sessionCookie } from './security/cookies.ts';
import { createSessions, sessionMs } from './security/sessions.ts';
import { Brand, Document } from './view/layout.tsx';
import { Field } from './view/parts.tsx';
import { themeOf } from './view/render.tsx';

/** Who may see the console. */
export interface Gate {
  /** Does the visitor show a session that goes on? */
  isIn(c: ConsoleContext): Promise<boolean>;
  /** The page that asks for the key. */
  page(c: ConsoleContext): Response | Promise<Response>;
  /** What that page sends: begins a session, or asks again. */
  signIn(c: ConsoleContext): Promise<Response>;
  /** Ends the session. */
  signOut(c: ConsoleContext): Promise<Response>;
}

/** A gate that the admin key opens. Wrong keys are counted, and of too many of them the next is not looked at. */
export function createGate({ keys, runtime }: Pick<Gateway, 'keys' | 'runtime'>): Gate {
  const sessions = createSessions(sha256);
  const attempts = createAttempts();
  const now = () => runtime.clock.now();
  const tokenOf = (c: ConsoleContext) => cookieOf(c, cookieNames.session) ?? '';

  return {
    isIn: (c) => sessions.has(tokenOf(c), now()),
    page: (c) => signInPage(c, { hasAdmin: keys.hasAdmin, next: nextOf(c.req.query('next')) }),
    async signIn(c) {
      const form = await c.req.parseBody();
      const next = nextOf(form['next']);
      const ask = (problem: string, status: 403 | 429) =>
        signInPage(c, { hasAdmin: keys.hasAdmin, next, problem, status });
      const address = c.env.address?.() ?? '';
      const waitMs = attempts.waitMs(address, now());
      if (waitMs > 0) {
        c.header('retry-after', String(Math.ceil(waitMs / 1000)));
        return ask(`Too many wrong keys. Try again in ${Math.ceil(waitMs / 1000)} s.`, 429);
      }
      const key = form['key'];
      const owner = typeof key === 'string' && key !== '' ? await keys.ownerOf(key.trim()) : undefined;
      if (owner?.isAdmin !== true) {
        attempts.failed(address, now());
        return ask(
          owner === undefined
            ? 'This is not the admin key.'
            : 'This is a key of a client. The console needs the admin key.',
          403,
        );
      }
      // A session that was there before is nobody's any more.
      await sessions.end(tokenOf(c));
      c.header('set-cookie', sessionCookie(c, await sessions.begin(now()), sessionMs / 1000));
      return c.redirect(next, 303);
    },
    async signOut(c) {
      await sessions.end(tokenOf(c));
      c.header('set-cookie', sessionCookie(c, '', 0));
      return c.redirect(`${consolePath}/sign-in`, 303);
    },
  };
}

/** Where to go afterwards: into the console, nowhere else. */
function nextOf(given: unknown): string {
  const isOurs = typeof given === 'string' && /^\/console(?:[/?][\x21-\x7e]*)?$/.test(given) && !given.includes('\\');
  return isOurs ? given : consolePath;
}

interface Asking {
  readonly hasAdmin: boolean;
  readonly next: string;
  readonly problem?: string;
  readonly status?: 200 | 403 | 429;
}

function signInPage(c: ConsoleContext, { hasAdmin, next, problem, status = 200 }: Asking) {
  const page = (
    <Document title="Sign in" theme={themeOf(c)}>
      <main class="signin">
        <div class="card">
          <div class="body">
            <Brand />
            {hasAdmin ? <KeyForm next={next} problem={problem} /> : <NoAdminKey />}
          </div>
        </div>
      </main>
    </Document>
  );
  return c.html(`<!doctype html>${page}`, status);
}

function KeyForm({ next, problem }: { next: string; problem: string | undefined }) {
  return (
    <form method="post" action={`${consolePath}/sign-in`}>
      <input type="hidden" name="next" value={next} />
      {problem === undefined ? (
        ''
      ) : (
        <p class="notice bad" role="alert" id="problem">
          {problem}
        </p>
      )}
      <Field label="Admin key">
        <input
          class="mono"
          type="password"
          name="key"
          required
          autofocus
          autocomplete="current-password"
          spellcheck={false}
          {...(problem === undefined ? {} : { 'aria-invalid': 'true', 'aria-describedby': 'problem' })}
        />
      </Field>
      <button type="submit" class="button primary">
        Sign in
      </button>
    </form>
  );
}

function NoAdminKey() {
  return (
    <p class="notice warn">
      The console needs an admin key, and this server has none. Whoever runs it can set one:{' '}
      <code>MODELMUX_ADMIN_KEY</code>.
    </p>
  );
}

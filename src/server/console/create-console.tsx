import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Gateway } from '../gateway.ts';
import { answerAsset } from './assets/assets.ts';
import { type ConsoleBindings, type ConsoleContext, type ConsoleEnv, consolePath } from './console-env.ts';
import { pages } from './pages/index.ts';
import { safeHeaders, strangeness } from './security/guard.ts';
import { createGate, type Gate } from './sign-in.tsx';
import { Empty, PageHead } from './view/parts.tsx';
import { answerPage } from './view/render.tsx';

/** The console of one server, as a function of requests below `/console`. */
export function createConsole(
  gateway: Gateway,
): (request: Request, bindings: ConsoleBindings) => Response | Promise<Response> {
  const app = new Hono<ConsoleEnv>().basePath(consolePath);
  const gate = createGate(gateway);
  const needsKey = !gateway.keys.isEmpty;
  app.use(safeHeaders());
  app.use(async (c, next) => {
    c.set('hasSession', false);
    c.set('pages', pages);
    const problem = strangeness(c, gateway.settings, needsKey);
    return problem === undefined ? next() : c.text(problem, 403);
  });
  app.get('/assets/:version/:name', answerAsset);
  if (needsKey) addGate(app, gate);
  app.use(bodyLimit({ maxSize: gateway.settings.limits.bodyBytes }));
  app.get('/', (c) => c.redirect(`${consolePath}${pages[0]?.path ?? ''}`));
  for (const page of pages) page.routes(app, gateway);
  app.notFound((c) => answerPage(c, { title: 'Not found', status: 404 }, <NotFound />));
  app.onError((error, c) => answerFailure(c, error));
  return (request, bindings) => app.fetch(request, bindings);
}

function addGate(app: Hono<ConsoleEnv>, gate: Gate): void {
  app.get('/sign-in', (c) => gate.page(c));
  app.post('/sign-in', bodyLimit({ maxSize: 16_384 }), (c) => gate.signIn(c));
  app.post('/sign-out', (c) => gate.signOut(c));
  app.use(signedIn(gate));
}

/** Lets in who has signed in; sends others to the page for that, and back afterwards. */
function signedIn(gate: Gate): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    if (await gate.isIn(c)) {
      c.set('hasSession', true);
      return next();
    }
    const isPage = c.req.method === 'GET' && (c.req.header('accept') ?? 'text/html').includes('text/html');
    if (!isPage) return c.text('Sign in first.', 401);
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`${consolePath}/sign-in?next=${encodeURIComponent(pathname + search)}`);
  };
}

function answerFailure(c: ConsoleContext, error: Error): Response | Promise<Response> {
  // What was asked wrongly may be said; the rest is told to whoever runs the server.
  const isKnown = error instanceof PortkeyError;
  const isAsked = isKnown && error.kind === 'invalid_request';
  c.env.exchange.facts.error = isKnown ? error.kind : 'internal';
  const text = isKnown ? error.message : 'Something in the server failed. Its log may say more.';
  return answerPage(
    c,
    { title: 'Problem', status: isAsked ? 400 : 500 },
    <>
      <PageHead title={isAsked ? 'This cannot be looked for' : 'This did not work'} />
      <p class="notice bad" role="alert">
        {text}
      </p>
    </>,
  );
}

function NotFound() {
  return (
    <div class="card">
      <Empty title="There is no such page">
        Back to the <a href={consolePath}>console</a>.
      </Empty>
    </div>
  );
}

import type { Hono } from 'hono';
import { PortkeyError } from '../../../../core/errors/portkey-error.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { Gateway } from '../../../gateway.ts';
import type { ConsoleContext, ConsoleEnv, ConsolePage } from '../../console-env.ts';
import { formOf } from '../../form.ts';
import { Question } from '../../view/question.tsx';
import { answerPage } from '../../view/render.tsx';
import { ApiKeyList, apiKeyUrl, type KeyForm, keyFields } from './api-keys-view.tsx';

/** Keys that the server issues to its clients. */
export const apiKeysPage: ConsolePage = {
  path: '/api-keys',
  title: 'API keys',
  icon: [
    'M2.500 5.500a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1Z',
    'M5.500 8h.01M8 8h.01M10.500 8h.01',
  ],
  routes(app, gateway) {
    const { keys, keyAdmin } = gateway;
    app.get('/api-keys', (c) => answerList(c, gateway, { done: sentenceOf(c.req.query('done') ?? '') }));
    app.post('/api-keys', async (c) => {
      const form = await formOf(c);
      const typed = Object.fromEntries(keyFields.map((name) => [name, form.text(name).trim()]));
      if (!keys.hasAdmin) return answerList(c, gateway, { problem: 'This server has no admin key.', status: 422 });
      try {
        const { key } = await keyAdmin.generate(wishOf(typed));
        return answerList(c, gateway, { made: key });
      } catch (error) {
        return answerList(c, gateway, { typed, problem: refusalOf(error), status: 422 });
      }
    });
    addChanges(app, gateway);
  },
};

const frame = { title: 'API keys', current: '/api-keys' } as const;

const sentences: Readonly<Record<string, string>> = {
  block: 'The key is blocked. It opens nothing until it is unblocked.',
  unblock: 'The key opens the server again.',
  deleted: 'The key is deleted. It opens nothing any more.',
};

function sentenceOf(done: string): string | undefined {
  return Object.hasOwn(sentences, done) ? sentences[done] : undefined;
}

function addChanges(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  const { keyAdmin } = gateway;
  for (const [action, blocked] of [
    ['block', true],
    ['unblock', null],
  ] as const)
    app.post(`/api-keys/:hash/${action}`, (c) =>
      changed(c, gateway, action, () => keyAdmin.update({ key: c.req.param('hash'), blocked })),
    );
  app.get('/api-keys/:hash/delete', async (c) => {
    const hash = c.req.param('hash');
    const key = (await keyAdmin.list()).find(({ token }) => token === hash);
    const name = key?.key_alias ?? hash.slice(0, 12);
    return answerPage(
      c,
      frame,
      <Question
        title={`Delete ${name}?`}
        crumbs={<a href={apiKeyUrl()}>API keys</a>}
        action={apiKeyUrl(hash, 'delete')}
        label="Delete"
        back={apiKeyUrl()}
      >
        <p>Clients that show this key are turned away from then on. It cannot be made again.</p>
      </Question>,
    );
  });
  app.post('/api-keys/:hash/delete', (c) =>
    changed(c, gateway, 'deleted', () => keyAdmin.remove({ keys: [c.req.param('hash')] })),
  );
}

async function changed(c: ConsoleContext, gateway: Gateway, done: string, change: () => Promise<unknown>) {
  try {
    await change();
    return c.redirect(`${apiKeyUrl()}?done=${done}`, 303);
  } catch (error) {
    return answerList(c, gateway, { problem: refusalOf(error), status: 422 });
  }
}

interface Said {
  readonly typed?: KeyForm;
  readonly made?: string;
  readonly done?: string | undefined;
  readonly problem?: string;
  readonly status?: 200 | 422;
}

async function answerList(c: ConsoleContext, { keys, keyAdmin, runtime }: Gateway, { status = 200, ...said }: Said) {
  const list = await keyAdmin.list();
  const shown = { keys: list, hasAdmin: keys.hasAdmin, now: runtime.clock.now(), ...said };
  return answerPage(c, { ...frame, status }, <ApiKeyList {...shown} />);
}

const numbers = ['max_budget', 'rpm_limit', 'tpm_limit', 'max_parallel_requests'];

/** What was typed, as the administration of keys reads it. What is left empty is not said. */
function wishOf(typed: KeyForm): JsonObject {
  const given = Object.entries(typed).filter(([, text]) => text !== '');
  return Object.fromEntries(
    given.map(([name, text]) => {
      if (name === 'models') return [name, text.split(/\s*,\s*/).filter((model) => model !== '')];
      if (name === 'duration' && text === 'for ever') return [name, null];
      return [name, numbers.includes(name) ? Number(text) : text];
    }),
  );
}

function refusalOf(error: unknown): string {
  if (error instanceof PortkeyError) return error.message;
  throw error;
}

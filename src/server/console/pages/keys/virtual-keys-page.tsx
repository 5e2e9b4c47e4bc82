import { PortkeyError } from '../../../../core/errors/portkey-error.ts';
import { InvalidRequestError } from '../../../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { localVirtualKeys, type VirtualKeys } from '../../../../resources/virtual-keys.ts';
import type { ConsolePage } from '../../console-env.ts';
import { formOf } from '../../form.ts';
import { Question } from '../../view/question.tsx';
import { answerPage } from '../../view/render.tsx';
import { configUrl } from '../configs/config-list.tsx';
import { knownKeys, usersOf } from './kept-keys.ts';
import { toChange, toTexts, typedLimits } from './key-limits-form.ts';
import { KeyLimits } from './key-limits-view.tsx';
import { RotateKey, VirtualKeyList, virtualKeyUrl } from './virtual-keys-view.tsx';

/** Names for keys of providers. A key that was given is never shown again. */
export const virtualKeysPage: ConsolePage = {
  path: '/virtual-keys',
  title: 'Virtual keys',
  icon: ['M10.500 2.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z', 'm8.400 7.600-5.900 5.900M4.500 11.500l1.500 1.500'],
  routes(app, gateway) {
    const keys = localVirtualKeys(gateway.writableVault);
    app.get('/virtual-keys', async (c) => {
      const done = sentence(c.req.query('done'), c.req.query('key') ?? '');
      return answerPage(c, frame, <VirtualKeyList known={await knownKeys(gateway)} done={done} />);
    });
    app.post('/virtual-keys', async (c) => {
      const form = await formOf(c);
      const [name, provider, key] = [form.text('name').trim(), form.text('provider').trim(), form.text('key').trim()];
      const fields = form.text('fields');
      try {
        const given = { ...fieldsOf(fields), name, slug: name, provider };
        const { slug } = await keys.create(key === '' ? given : { ...given, key });
        return c.redirect(`${virtualKeyUrl()}?done=added&key=${encodeURIComponent(slug)}`, 303);
      } catch (error) {
        const shown = { known: await knownKeys(gateway), typed: { name, provider, fields } };
        return answerPage(c, { ...frame, status: 422 }, <VirtualKeyList {...shown} problem={refusalOf(error)} />);
      }
    });
    app.get('/virtual-keys/:slug/rotate', (c) => answerPage(c, frame, <RotateKey slug={c.req.param('slug')} />));
    app.post('/virtual-keys/:slug/rotate', async (c) => {
      const slug = c.req.param('slug');
      const key = (await formOf(c)).text('key').trim();
      try {
        await keys.rotate({ slug, key });
        return c.redirect(`${virtualKeyUrl()}?done=rotated&key=${encodeURIComponent(slug)}`, 303);
      } catch (error) {
        return answerPage(c, { ...frame, status: 422 }, <RotateKey slug={slug} problem={refusalOf(error)} />);
      }
    });
    limitRoutes(app, keys);
    app.get('/virtual-keys/:slug/delete', async (c) => {
      const slug = c.req.param('slug');
      return answerPage(c, frame, <DeleteKey slug={slug} users={await usersOf(slug, gateway)} />);
    });
    app.post('/virtual-keys/:slug/delete', async (c) => {
      const slug = c.req.param('slug');
      try {
        await keys.delete({ slug });
        return c.redirect(`${virtualKeyUrl()}?done=deleted&key=${encodeURIComponent(slug)}`, 303);
      } catch (error) {
        const page = <DeleteKey slug={slug} users={[]} problem={refusalOf(error)} />;
        return answerPage(c, { ...frame, status: 422 }, page);
      }
    });
  },
};

function limitRoutes(app: Parameters<ConsolePage['routes']>[0], keys: VirtualKeys): void {
  app.get('/virtual-keys/:slug/limits', async (c) => {
    const slug = c.req.param('slug');
    return answerPage(c, frame, <KeyLimits slug={slug} texts={toTexts(await keys.retrieve({ slug }))} />);
  });
  app.post('/virtual-keys/:slug/limits', async (c) => {
    const slug = c.req.param('slug');
    const texts = typedLimits(await formOf(c));
    try {
      await keys.update(toChange(slug, texts));
      return c.redirect(`${virtualKeyUrl()}?done=limited&key=${encodeURIComponent(slug)}`, 303);
    } catch (error) {
      const page = <KeyLimits slug={slug} texts={texts} problem={refusalOf(error)} />;
      return answerPage(c, { ...frame, status: 422 }, page);
    }
  });
}

const frame = { title: 'Virtual keys', current: '/virtual-keys' } as const;

const sentences: Readonly<Record<string, string>> = {
  added: 'is there. Configs may name it.',
  limited: 'has its new limits. Calls from now on heed them.',
  rotated: 'has its new key. Calls from now on use it.',
  deleted: 'is deleted.',
};

function sentence(done: string | undefined, slug: string): string | undefined {
  return done !== undefined && Object.hasOwn(sentences, done) ? `${slug} ${sentences[done]}` : undefined;
}

function fieldsOf(text: string): JsonObject {
  if (text.trim() === '') return {};
  const problem = new InvalidRequestError(
    'fields',
    'The fields are an object in JSON: { "aws_region": "eu-central-1" }.',
  );
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold keys.
    throw problem;
  }
  if (!isJsonObject(given)) throw problem;
  return given;
}

/** Why it was refused, in words that never hold a key. Throws what is no refusal. */
function refusalOf(error: unknown): string {
  if (error instanceof PortkeyError) return error.message;
  throw error;
}

function DeleteKey({ slug, users, problem }: { slug: string; users: readonly string[]; problem?: string | undefined }) {
  return (
    <Question
      title={`Delete ${slug}?`}
      crumbs={<a href={virtualKeyUrl()}>Virtual keys</a>}
      action={virtualKeyUrl(slug, 'delete')}
      label="Delete"
      back={virtualKeyUrl()}
      problem={problem}
    >
      <p>
        Targets with <code>{`"virtual_key": "${slug}"`}</code> fail from then on. The key itself is forgotten here.
      </p>
      {users.length === 0 ? (
        ''
      ) : (
        <p class="notice warn">
          {'Configs that name it: '}
          {users.map((user, index) => (
            <>
              {index === 0 ? '' : ', '}
              <a href={configUrl(user)}>{user}</a>
            </>
          ))}
        </p>
      )}
    </Question>
  );
}

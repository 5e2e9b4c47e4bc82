import type { Hono } from 'hono';
import { NotFoundError } from '../../../../core/errors/api-error.ts';
import { PortkeyError } from '../../../../core/errors/portkey-error.ts';
import { promptAdmin } from '../../../../resources/prompts/prompts.ts';
import type { ConsoleContext, ConsoleEnv, ConsolePage } from '../../console-env.ts';
import { type Form, formOf } from '../../form.ts';
import { Empty } from '../../view/parts.tsx';
import { Question } from '../../view/question.tsx';
import { answerPage } from '../../view/render.tsx';
import { PromptDetail, type PromptForm, PromptList, promptUrl, readable } from './prompts-view.tsx';

/** Templates of requests, in versions. */
export const promptsPage: ConsolePage = {
  path: '/prompts',
  title: 'Prompts',
  icon: ['M2.5 3.500h11v7h-6l-3 2.500v-2.500h-2Z', 'M5 6h6M5 8.200h4'],
  routes(app, gateway) {
    const prompts = promptAdmin(gateway.prompts);
    app.get('/prompts', async (c) => {
      const done = c.req.query('done') === 'deleted' ? 'The prompt is deleted.' : undefined;
      return answerPage(c, frame, <PromptList prompts={(await prompts.list()).data} done={done} />);
    });
    app.post('/prompts', async (c) => {
      const typed = typedIn(await formOf(c));
      try {
        const { slug } = await prompts.create({ name: typed.name, string: typed.template, ...membersOf(typed) });
        return c.redirect(`${promptUrl(slug)}?done=created`, 303);
      } catch (error) {
        const shown = { prompts: (await prompts.list()).data, typed, problem: refusalOf(error) };
        return answerPage(c, { ...frame, status: 422 }, <PromptList {...shown} />);
      }
    });
    addOne(app, prompts);
  },
};

const frame = { title: 'Prompts', current: '/prompts' } as const;

type Admin = ReturnType<typeof promptAdmin>;

function addOne(app: Hono<ConsoleEnv>, prompts: Admin): void {
  const single = '/prompts/:slug';
  app.get(single, (c) => answerPrompt(c, prompts, { done: sentenceOf(c.req.query('done') ?? '') }));
  app.post(single, async (c) => {
    const typed = typedIn(await formOf(c));
    const body = { string: typed.template, ...membersOf(typed) };
    return changed(c, prompts, { done: 'saved', typed }, (slug) => prompts.update(slug, body));
  });
  app.post(`${single}/publish`, async (c) => {
    const version = Number((await formOf(c)).text('version'));
    return changed(c, prompts, { done: 'published' }, (slug) => prompts.publish(slug, { version }));
  });
  app.get(`${single}/delete`, (c) => {
    const slug = c.req.param('slug');
    return answerPage(
      c,
      frame,
      <Question
        title={`Delete ${slug}?`}
        crumbs={<a href={promptUrl()}>Prompts</a>}
        action={promptUrl(slug, 'delete')}
        label="Delete"
        back={promptUrl(slug)}
      >
        <p>Calls that name this prompt fail from then on.</p>
      </Question>,
    );
  });
  app.post(`${single}/delete`, (c) => changed(c, prompts, { done: 'deleted' }, (slug) => prompts.delete(slug)));
}

interface Change {
  readonly done: 'saved' | 'published' | 'deleted';
  readonly typed?: PromptForm;
}

async function changed(
  c: ConsoleContext,
  prompts: Admin,
  { done, typed }: Change,
  change: (slug: string) => Promise<unknown>,
): Promise<Response> {
  const slug = c.req.param('slug') ?? '';
  try {
    await change(slug);
    return c.redirect(`${promptUrl(done === 'deleted' ? '' : slug)}?done=${done}`, 303);
  } catch (error) {
    return answerPrompt(c, prompts, { typed, problem: refusalOf(error), status: 422 });
  }
}

interface Shown {
  readonly typed?: PromptForm | undefined;
  readonly done?: string | undefined;
  readonly problem?: string;
  readonly status?: 200 | 422;
}

async function answerPrompt(c: ConsoleContext, prompts: Admin, { status = 200, typed, ...said }: Shown) {
  const slug = c.req.param('slug') ?? '';
  try {
    const [prompt, versions] = await Promise.all([prompts.retrieve(slug), prompts.versions.list(slug)]);
    const { name, model, virtual_key: key, string } = prompt;
    const next = typed ?? { name, template: readable(string), model: model ?? '', virtualKey: key ?? '' };
    const shown = { prompt, versions: versions.data, typed: next, ...said };
    return answerPage(c, { ...frame, title: name, status }, <PromptDetail {...shown} />);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return answerPage(c, { ...frame, title: 'No such prompt', status: 404 }, <NoSuchPrompt slug={slug} />);
  }
}

function NoSuchPrompt({ slug }: { slug: string }) {
  return (
    <div class="card">
      <Empty title="There is no such prompt">
        <code>{slug}</code> is not there, or not any more. Back to the <a href={promptUrl()}>prompts</a>.
      </Empty>
    </div>
  );
}

const sentences: Readonly<Record<string, string>> = {
  created: 'The prompt is there. Calls may name it.',
  saved: 'The new version is kept. It is used once you say so below.',
  published: 'Calls that name no version use this one from now on.',
};

function sentenceOf(done: string): string | undefined {
  return Object.hasOwn(sentences, done) ? sentences[done] : undefined;
}

function typedIn(form: Form): PromptForm {
  const [name, model, virtualKey] = ['name', 'model', 'virtual_key'].map((field) => form.text(field).trim());
  return { name: name ?? '', template: form.text('template'), model: model ?? '', virtualKey: virtualKey ?? '' };
}

function membersOf({ model, virtualKey }: PromptForm) {
  return { ...(model === '' ? {} : { model }), ...(virtualKey === '' ? {} : { virtual_key: virtualKey }) };
}

function refusalOf(error: unknown): string {
  if (error instanceof PortkeyError) return error.message;
  throw error;
}

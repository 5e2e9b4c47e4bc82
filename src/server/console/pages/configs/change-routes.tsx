import type { Hono } from 'hono';
import type { ConfigAdmin } from '../../../../config/config-admin.ts';
import { ConflictError } from '../../../../core/errors/api-error.ts';
import { ConfigError } from '../../../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../../../core/errors/request-errors.ts';
import type { Gateway } from '../../../gateway.ts';
import { type ConsoleContext, type ConsoleEnv, consolePath } from '../../console-env.ts';
import { type Form, formOf } from '../../form.ts';
import { PageHead } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { DeleteConfig } from './config-detail.tsx';
import { configUrl } from './config-list.tsx';
import { Conflict, Refusal, WasChanged } from './conflict.tsx';
import { type Draft, fromVersion, readDraft } from './draft.ts';
import { type Editing, Editor } from './editor.tsx';
import { frame, type Versions, versionsOr404 } from './known-config.tsx';
import { textOf } from './text-of.ts';
import { withWeights } from './weights.ts';

/** What makes, changes and deletes configs. */
export function addChanges(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  addCreate(app, gateway);
  app.get('/configs/:slug/edit', (c) =>
    versionsOr404(c, gateway, async ([latest, ...older]) => {
      const text = textOf(latest.content);
      const draft = await draftOf(gateway, [latest, ...older], text);
      return answerEditor(c, { ...editing([latest, ...older]), text, draft });
    }),
  );
  app.post('/configs/:slug/edit', (c) => versionsOr404(c, gateway, (versions) => save(c, gateway, versions)));
  app.post('/configs/:slug/weights', (c) =>
    versionsOr404(c, gateway, async ([{ slug, content }]) => {
      const form = await formOf(c);
      const weights = form.all('weight').map(Number);
      const config = withWeights(content, form.text('path'), weights);
      return changed(c, gateway, { slug, done: 'weights' }, (admin) =>
        admin.update(slug, { config, after: numberIn(form) }),
      );
    }),
  );
  app.post('/configs/:slug/restore', (c) =>
    versionsOr404(c, gateway, async ([{ slug }]) => {
      const form = await formOf(c);
      const version = Number(form.text('restore'));
      return changed(c, gateway, { slug, done: 'restored' }, (admin) => admin.restore(slug, version, numberIn(form)));
    }),
  );
  addDelete(app, gateway);
}

const example = `{
  "strategy": { "mode": "loadbalance" },
  "targets": [
    { "name": "main", "provider": "openai", "weight": 90 },
    { "name": "canary", "provider": "anthropic", "override_params": { "model": "claude-sonnet-4-5" }, "weight": 10 }
  ]
}`;

function addCreate(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  const empty = {
    action: `${consolePath}/configs/-/new`,
    slug: '',
    isNew: true,
    version: 0,
    base: 0,
    saveLabel: 'Create',
  };
  app.get('/configs/-/new', async (c) => {
    const draft = await draftOf(gateway, undefined, example);
    return answerEditor(c, { ...empty, name: '', text: example, draft });
  });
  app.post('/configs/-/new', async (c) => {
    const form = await formOf(c);
    const [name, slug, text] = [form.text('name').trim(), form.text('slug').trim(), form.text('text')];
    const draft = await draftOf(gateway, undefined, text);
    const again = (refusal: string, status: 409 | 422 = 422) =>
      answerEditor(c, { ...empty, name, slug, text, draft, refusal: <Refusal text={refusal} /> }, status);
    if (name === '') return again('A config needs a name.');
    if (draft.content === undefined) return again('It was not saved: something in it is wrong.');
    try {
      const admin = await gateway.callers.own.admin.configs();
      const created = await admin.create(draft.content, { name, ...(slug === '' ? {} : { slug }) });
      return c.redirect(`${configUrl(created.slug)}?done=created`, 303);
    } catch (error) {
      return again(refusalOf(error), error instanceof ConflictError ? 409 : 422);
    }
  });
}

function addDelete(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  const page = '/configs/:slug/delete';
  app.get(page, (c) =>
    versionsOr404(c, gateway, async ([version]) =>
      answerPage(c, { ...frame, title: `Delete ${version.name}` }, <DeleteConfig version={version} />),
    ),
  );
  app.post(page, (c) =>
    versionsOr404(c, gateway, async ([version]) => {
      try {
        await (await gateway.callers.own.admin.configs()).delete(version.slug);
      } catch (error) {
        const facts = { ...frame, title: `Delete ${version.name}`, status: 409 } as const;
        return answerPage(c, facts, <DeleteConfig version={version} problem={refusalOf(error)} />);
      }
      return c.redirect(`${consolePath}/configs?deleted=${encodeURIComponent(version.slug)}`, 303);
    }),
  );
}

async function save(c: ConsoleContext, gateway: Gateway, versions: Versions): Promise<Response> {
  const form = await formOf(c);
  const [latest] = versions;
  const [name, text] = [form.text('name').trim(), form.text('text')];
  const base = Number(form.text('base'));
  const draft = await draftOf(gateway, versions, text, base);
  const edited = { ...editing(versions), name, text, draft, base };
  const known = versions.find(({ number }) => number === numberIn(form));
  if (known?.number !== latest.number) return answerEditor(c, { ...edited, ...overwriting(known, latest) }, 409);
  if (name === '') return answerEditor(c, { ...edited, refusal: <Refusal text="A config needs a name." /> }, 422);
  if (draft.content === undefined) {
    const refusal = <Refusal text="It was not saved: something in it is wrong." />;
    return answerEditor(c, { ...edited, refusal }, 422);
  }
  try {
    const admin = await gateway.callers.own.admin.configs();
    await admin.update(latest.slug, { name, config: draft.content, after: latest.number });
    return c.redirect(`${configUrl(latest.slug)}?done=saved`, 303);
  } catch (error) {
    if (error instanceof ConflictError)
      return versionsOr404(c, gateway, (now) => saveAgain(c, { edited, latest, now }));
    return answerEditor(c, { ...edited, refusal: <Refusal text={refusalOf(error)} /> }, 422);
  }
}

/** Somebody saved between the look at the versions and the write. */
async function saveAgain(
  c: ConsoleContext,
  { edited, latest, now }: { edited: Editing; latest: Versions[0]; now: Versions },
): Promise<Response> {
  return answerEditor(c, { ...edited, ...overwriting(latest, now[0]) }, 409);
}

/** What the editor shows where another version was saved since `base`: it may be saved over, knowingly. */
function overwriting(base: Versions[0] | undefined, latest: Versions[0]) {
  return {
    version: latest.number,
    saveLabel: `Save over version ${latest.number}`,
    refusal: <Conflict base={base} latest={latest} />,
  };
}

/** Makes a small change, and says what happened where another came first. */
async function changed(
  c: ConsoleContext,
  { callers }: Gateway,
  { slug, done }: { readonly slug: string; readonly done: 'weights' | 'restored' },
  change: (admin: ConfigAdmin) => Promise<unknown>,
): Promise<Response> {
  try {
    await change(await callers.own.admin.configs());
    return c.redirect(`${configUrl(slug)}?done=${done}`, 303);
  } catch (error) {
    const status = error instanceof ConflictError ? 409 : 422;
    return answerPage(
      c,
      { ...frame, title: 'Not changed', status },
      <>
        <PageHead title="Nothing was changed" crumbs={<a href={configUrl(slug)}>{slug}</a>} />
        {status === 409 ? <WasChanged slug={slug} /> : <Refusal text={refusalOf(error)} />}
      </>,
    );
  }
}

function editing([latest]: Versions): Omit<Editing, 'text' | 'draft'> {
  const { slug, name, number } = latest;
  return { action: configUrl(slug, 'edit'), name, slug, isNew: false, version: number, base: number };
}

async function draftOf(
  { callers }: Gateway,
  versions: Versions | undefined,
  text: string,
  base = versions?.[0].number ?? 0,
): Promise<Draft> {
  const admin = await callers.own.admin.configs();
  return readDraft(text, { admin, slug: versions?.[0].slug ?? '', versions: fromVersion(versions ?? [], base) });
}

function answerEditor(c: ConsoleContext, edited: Editing, status: 200 | 409 | 422 = 200) {
  const title = edited.isNew ? 'New config' : `Edit ${edited.name}`;
  const back = edited.isNew ? (
    <a href={`${consolePath}/configs`}>Configs</a>
  ) : (
    <a href={configUrl(edited.slug)}>{edited.name}</a>
  );
  return answerPage(
    c,
    { ...frame, title, status },
    <>
      <PageHead title={edited.isNew ? 'New config' : 'Edit config'} crumbs={back} />
      <Editor {...edited} />
    </>,
  );
}

function numberIn(form: Form): number {
  return Number(form.text('version'));
}

/** What was asked wrongly, in words. Throws everything else. */
function refusalOf(error: unknown): string {
  const isAsked = [InvalidRequestError, ConfigError, ConflictError].some((Kind) => error instanceof Kind);
  if (!isAsked) throw error;
  return (error as Error).message;
}

import type { Config } from '../../../../config/config.ts';
import { InvalidRequestError } from '../../../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { localConfigs } from '../../../../resources/configs.ts';
import { checkedJson } from '../../../body/checked-json.ts';
import type { Gateway } from '../../../gateway.ts';
import { type ConsoleContext, type ConsolePage, consolePath } from '../../console-env.ts';
import { answerFragment } from '../../view/fragment.ts';
import { Card, Field, PageHead } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { configTree } from '../logs/attempts-tree.ts';
import { Tree } from '../logs/tree.tsx';
import { type Run, run } from './run.ts';

/** Sends a request of the visitor's, and shows its way through the config while it goes on. */
export const playgroundPage: ConsolePage = {
  path: '/playground',
  title: 'Playground',
  icon: ['M4.500 2.800v10.400l8.500-5.200-8.500-5.200Z'],
  routes(app, gateway) {
    app.get('/playground', async (c) => {
      const ids = await configIds(gateway);
      const tree = await treeOf(undefined, gateway);
      return answerPage(c, frame, <Playground ids={ids} tree={tree} hasLogs={gateway.logs !== undefined} />);
    });
    app.get('/playground/tree', async (c) => answerFragment(c, await treeOf(c.req.query('config'), gateway)));
    app.post('/playground/run', async (c) => answerRun(c, gateway));
  },
};

const frame = { title: 'Playground', current: '/playground' };

/** The configs that may be named; none where they cannot be listed. */
async function configIds({ callers }: Gateway): Promise<readonly string[]> {
  const { data } = await localConfigs(callers.own.admin.configs)
    .list()
    .catch(() => ({ data: [] }));
  return data.map(({ slug }) => slug);
}

/** A config as a tree that waits for tries; what is wrong with its ID where it has none. */
async function treeOf(id: string | undefined, { callers }: Gateway) {
  try {
    const { compiled } = callers.own.forCall(id === undefined || id === '' ? undefined : { config: id });
    const { config } = await compiled;
    return isEmpty(config) ? <NoConfig /> : <Tree root={configTree(config)} />;
  } catch (error) {
    return <p class="notice bad">{error instanceof Error ? error.message : String(error)}</p>;
  }
}

function isEmpty({ targets, model_groups, provider, virtual_key }: Config): boolean {
  return [targets, model_groups, provider, virtual_key].every((given) => given === undefined);
}

function NoConfig() {
  return (
    <p class="muted">
      The server has no config of its own. Name one by its ID, or a virtual key in the model: <code>@slug/model</code>.
    </p>
  );
}

async function answerRun(c: ConsoleContext, gateway: Gateway): Promise<Response> {
  const asked = readRun(await c.req.text(), gateway);
  const leaving = new AbortController();
  const encoder = new TextEncoder();
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      await run(asked, gateway, AbortSignal.any([leaving.signal, c.req.raw.signal]), (event) => {
        if (!leaving.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      });
      if (!leaving.signal.aborted) controller.close();
    },
    cancel: () => leaving.abort(),
  });
  return c.body(lines, 200, { 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' });
}

function readRun(text: string, { settings }: Gateway): Run {
  const { jsonDepth: maxDepth } = settings.limits;
  const given = checkedJson(text, { param: 'body', what: 'The body', maxDepth });
  if (!isJsonObject(given.body)) throw new InvalidRequestError('body', '"body" is what to send.');
  const { config, body } = given as { readonly config?: unknown; readonly body: JsonObject };
  return { body, ...(typeof config === 'string' && config !== '' ? { config } : {}) };
}

function Playground({
  ids,
  tree,
  hasLogs,
}: {
  ids: readonly string[];
  tree: Awaited<ReturnType<typeof treeOf>>;
  hasLogs: boolean;
}) {
  return (
    <>
      <PageHead title="Playground" />
      <div
        class="playground"
        data-playground={`${consolePath}/playground`}
        data-logs={hasLogs ? `${consolePath}/logs/` : ''}
      >
        <Card title="Request">
          <form class="ask">
            <div class="toolbar">
              <Field label="Config">
                <input name="config" list="configs" placeholder="the default" autocomplete="off" spellcheck={false} />
              </Field>
              <datalist id="configs">
                {ids.map((id) => (
                  <option value={id} />
                ))}
              </datalist>
              <Field label="Model">
                <input name="model" value="gpt-4o" autocomplete="off" spellcheck={false} />
              </Field>
              <Field label="Tokens at most">
                <input name="max_tokens" type="number" min="1" placeholder="no limit" />
              </Field>
              <label class="check">
                <input type="checkbox" name="stream" checked /> Stream
              </label>
            </div>
            <Field label="System">
              <textarea name="system" rows={2} placeholder="You are a helpful assistant."></textarea>
            </Field>
            <Field label="Message">
              <textarea name="message" rows={4} required placeholder="Hello"></textarea>
            </Field>
            <div class="buttons">
              <button type="submit" class="button primary">
                Send
              </button>
              <button type="button" class="button" data-stop disabled>
                Stop
              </button>
              <button type="button" class="button quiet" data-clear>
                New conversation
              </button>
              <span class="muted" data-state role="status"></span>
            </div>
          </form>
        </Card>
        <Card title="Way through the config">
          <div data-tree>{tree}</div>
        </Card>
        <Card title="Conversation">
          <div class="talk" data-talk aria-live="polite">
            <p class="muted">What you send and what comes back appears here.</p>
          </div>
        </Card>
      </div>
    </>
  );
}

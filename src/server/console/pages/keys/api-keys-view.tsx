import type { ShownKey } from '../../../keys/key-admin.ts';
import { consolePath } from '../../console-env.ts';
import { countText, moneyText, Time } from '../../view/figures.tsx';
import { Card, Empty, Field, FormActions, PageHead, Pill } from '../../view/parts.tsx';
import { Said } from '../../view/question.tsx';
import { actions, Table } from '../../view/table.tsx';

/** Where the server's own keys are, and each of their pages. `hash`: of the key. */
export function apiKeyUrl(hash = '', page = ''): string {
  return [`${consolePath}/api-keys`, ...[hash, page].filter((part) => part !== '').map(encodeURIComponent)].join('/');
}

/** What was typed into the form: texts by the names of its fields. */
export type KeyForm = Readonly<Record<string, string>>;

/** The list of keys that were issued, and the form of a new one. */
export function ApiKeyList(props: {
  keys: readonly ShownKey[];
  /** Keys may be issued. */
  hasAdmin: boolean;
  now: number;
  typed?: KeyForm;
  /** A key that was made just now: shown here and never again. */
  made?: string | undefined;
  done?: string | undefined;
  problem?: string | undefined;
}) {
  const { keys, hasAdmin, now, typed = {}, made, done, problem } = props;
  return (
    <>
      <PageHead title="API keys" />
      <div class="stack">
        <Said done={done} problem={problem} />
        {made === undefined ? '' : <Made made={made} />}
        {hasAdmin ? '' : <NoAdmin />}
        <div class="card">
          {keys.length === 0 ? (
            <Empty title="No keys issued">
              A key lets a client use this server: all of it, or some models within a budget and limits.
            </Empty>
          ) : (
            <Keys keys={keys} now={now} />
          )}
        </div>
        {hasAdmin ? <MakeForm typed={typed} /> : ''}
      </div>
    </>
  );
}

function Made({ made }: { made: string }) {
  return (
    <Card title="The new key">
      <div class="stack">
        <p>Copy it now: only its hash is kept, and nobody can show it again.</p>
        <p class="secret-once mono" id="made">
          {made}
        </p>
        <div class="form-actions">
          <button type="button" class="button" data-copy-from="made">
            Copy
          </button>
        </div>
      </div>
    </Card>
  );
}

function NoAdmin() {
  return (
    <p class="notice warn">
      Without an admin key the server is open to everybody who reaches it, and another key would open nothing. Whoever
      runs it can set one: <code>MODELMUX_ADMIN_KEY</code>
    </p>
  );
}

function Keys({ keys, now }: { keys: readonly ShownKey[]; now: number }) {
  return (
    <Table columns={['Key', 'Models', 'Spent', 'Limits', 'Holds until', actions]}>
      {keys.map((key) => (
        <Row known={key} now={now} />
      ))}
    </Table>
  );
}

function Row({ known, now }: { known: ShownKey; now: number }) {
  const { key_alias: alias, token, models, expires, blocked = false } = known;
  const id = token.slice(0, 12);
  const isOver = expires !== null && Date.parse(expires) <= now;
  return (
    <tr>
      <td class="full">
        {alias ?? <code>{id}</code>} {blocked ? <Pill tone="bad">blocked</Pill> : ''}
        {isOver ? <Pill tone="warn">expired</Pill> : ''}
        {alias === undefined ? '' : <code class="sub">{id}</code>}
      </td>
      <td class="full">{models.length === 0 ? 'all' : models.join(', ')}</td>
      <td data-label="Spent">{spentText(known)}</td>
      <td class="full">{limitsText(known)}</td>
      <td data-label="Until">{expires === null ? 'for ever' : <Time at={Date.parse(expires)} />}</td>
      <td class="row-actions full">
        <form method="post" action={apiKeyUrl(token, blocked ? 'unblock' : 'block')}>
          <button type="submit" class="button small" aria-label={`${blocked ? 'Unblock' : 'Block'} ${alias ?? id}`}>
            {blocked ? 'Unblock' : 'Block'}
          </button>
        </form>
        <a class="button small danger" href={apiKeyUrl(token, 'delete')} aria-label={`Delete ${alias ?? id}`}>
          Delete
        </a>
      </td>
    </tr>
  );
}

function spentText({ spend, max_budget: most, budget_duration: period }: ShownKey): string {
  const spent = moneyText(spend * 1_000_000);
  if (most === undefined) return spent;
  return `${spent} of ${moneyText(most * 1_000_000)}${period === undefined ? '' : ` in ${period}`}`;
}

function limitsText({ rpm_limit: rpm, tpm_limit: tpm, max_parallel_requests: parallel }: ShownKey): string {
  const texts = [
    rpm === undefined ? undefined : `${countText(rpm)} requests a minute`,
    tpm === undefined ? undefined : `${countText(tpm)} tokens a minute`,
    parallel === undefined ? undefined : `${countText(parallel)} at once`,
  ].filter((text) => text !== undefined);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

const inputs = [
  { name: 'key_alias', label: 'Name', hint: '', placeholder: 'mobile-app' },
  { name: 'models', label: 'Models', hint: 'With commas between; none: all.', placeholder: 'gpt-4o, anthropic/*' },
  {
    name: 'duration',
    label: 'Holds for',
    hint: 'Such as 12h; 30d if nothing is said; "for ever" without end.',
    placeholder: '30d',
  },
  { name: 'max_budget', label: 'Budget in US dollars', hint: '', placeholder: '10' },
  { name: 'budget_duration', label: 'Budget begins anew every', hint: 'Nothing: never.', placeholder: '30d' },
  { name: 'rpm_limit', label: 'Requests a minute', hint: '', placeholder: '60' },
  { name: 'tpm_limit', label: 'Tokens a minute', hint: '', placeholder: '100000' },
  { name: 'max_parallel_requests', label: 'Requests at once', hint: '', placeholder: '10' },
] as const;

/** The names of the form's fields. */
export const keyFields: readonly string[] = inputs.map(({ name }) => name);

function MakeForm({ typed }: { typed: KeyForm }) {
  return (
    <Card title="Make a key">
      <form method="post" action={apiKeyUrl()} class="stack">
        <div class="form-row">
          {inputs.map(({ name, label, hint, placeholder }) => (
            <Field label={label} {...(hint === '' ? {} : { hint })}>
              <input name={name} value={typed[name] ?? ''} placeholder={placeholder} autocomplete="off" />
            </Field>
          ))}
        </div>
        <FormActions label="Make a key" />
      </form>
    </Card>
  );
}

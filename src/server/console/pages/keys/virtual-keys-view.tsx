import { providerNames } from '../../../../providers/hosts/index.ts';
import { consolePath } from '../../console-env.ts';
import { Time } from '../../view/figures.tsx';
import { Card, Empty, Field, FormActions, PageHead, Pill } from '../../view/parts.tsx';
import { Said } from '../../view/question.tsx';
import { actions, Table } from '../../view/table.tsx';
import { searchUrl } from '../logs/search.ts';
import type { KnownKey, KnownKeys } from './kept-keys.ts';
import { limitsText } from './limits-text.ts';

/** Where virtual keys are, and each of their pages. */
export function virtualKeyUrl(slug = '', page = ''): string {
  return [`${consolePath}/virtual-keys`, ...[slug, page].filter((part) => part !== '').map(encodeURIComponent)].join(
    '/',
  );
}

/** What was typed into the form; the key itself is never given back. */
export interface NewKey {
  readonly name: string;
  readonly provider: string;
  readonly fields: string;
}

/** The list of virtual keys, and the form of a new one. */
export function VirtualKeyList(props: {
  known: KnownKeys;
  typed?: NewKey;
  done?: string | undefined;
  problem?: string | undefined;
}) {
  const { known, typed = { name: '', provider: '', fields: '' }, done, problem } = props;
  const { keys, isWritable } = known;
  return (
    <>
      <PageHead title="Virtual keys" />
      <div class="stack">
        <Said done={done} problem={problem} />
        {isWritable ? '' : <ReadOnly />}
        <div class="card">
          {keys.length === 0 ? (
            <Empty title="No virtual keys yet">
              A virtual key is a name for a provider's key: configs say <code>"virtual_key": "openai-prod"</code>, and
              the key itself stays here.
            </Empty>
          ) : (
            <Keys keys={keys} />
          )}
        </div>
        {isWritable ? <AddForm typed={typed} /> : ''}
        <p class="hint">
          Limits of a virtual key hold for all its calls. Those of a single target stand in the config:{' '}
          <code>"rate_limit"</code>, <code>"budget"</code>.
        </p>
      </div>
    </>
  );
}

function ReadOnly() {
  return (
    <p class="notice warn">
      The virtual keys of this server are only looked up, in the environment or in what started it. To change them here,
      keep them in a vault file: <code>modelmux serve --vault keys.vault</code>
    </p>
  );
}

function Keys({ keys }: { keys: readonly KnownKey[] }) {
  return (
    <Table columns={['Name in configs', 'Provider', 'Key', 'Limits', 'Rotated', actions]}>
      {keys.map((key) => (
        <Row known={key} />
      ))}
    </Table>
  );
}

function Row({ known: { slug, provider, kept } }: { known: KnownKey }) {
  return (
    <tr>
      <td class="full">
        <code>{slug}</code>{' '}
        <button type="button" class="button small" data-copy={slug} aria-label={`Copy name ${slug}`}>
          Copy
        </button>
      </td>
      <td>{provider}</td>
      <td>
        {kept === undefined ? <Pill>looked up</Pill> : <code>{kept.masked_api_key ?? 'none'}</code>}
        {kept === undefined || kept.fields.length === 0 ? '' : <span class="sub">{kept.fields.join(', ')}</span>}
      </td>
      <td class="full">
        {kept === undefined ? '–' : limitsText(kept)}{' '}
        {kept?.status === 'expired' ? <Pill tone="warn">expired</Pill> : ''}
        {kept?.note == null ? '' : <span class="sub">{kept.note}</span>}
      </td>
      <td>{kept === undefined ? '–' : <Time at={Date.parse(kept.last_rotated_at ?? kept.created_at)} />}</td>
      <td class="row-actions full">
        <a class="button small" href={searchUrl({ virtual_key: slug })} aria-label={`Requests with ${slug}`}>
          Requests
        </a>
        {kept === undefined ? (
          ''
        ) : (
          <>
            <a class="button small" href={virtualKeyUrl(slug, 'limits')} aria-label={`Limits of ${slug}`}>
              Limits
            </a>
            <a class="button small" href={virtualKeyUrl(slug, 'rotate')} aria-label={`Rotate ${slug}`}>
              Rotate
            </a>
            <a class="button small danger" href={virtualKeyUrl(slug, 'delete')} aria-label={`Delete ${slug}`}>
              Delete
            </a>
          </>
        )}
      </td>
    </tr>
  );
}

function AddForm({ typed: { name, provider, fields } }: { typed: NewKey }) {
  return (
    <Card title="Add a virtual key">
      <form method="post" action={virtualKeyUrl()} class="stack">
        <div class="form-row">
          <Field label="Name in configs" hint="Small letters, digits and dashes.">
            <input class="mono" name="name" value={name} required autocomplete="off" placeholder="openai-prod" />
          </Field>
          <Field label="Provider">
            <input name="provider" value={provider} required autocomplete="off" list="providers" placeholder="openai" />
          </Field>
          <Field label="Key" hint="Seen now for the last time.">
            <input class="mono" type="password" name="key" autocomplete="new-password" spellcheck={false} />
          </Field>
        </div>
        <datalist id="providers">
          {providerNames.map((each) => (
            <option value={each}></option>
          ))}
        </datalist>
        <Field label="Fields of the provider, as JSON" hint="Where it needs more than a key.">
          <textarea
            class="mono"
            name="fields"
            rows={3}
            spellcheck={false}
            placeholder={'{ "aws_region": "eu-central-1" }'}
          >
            {fields}
          </textarea>
        </Field>
        <FormActions label="Add" />
      </form>
    </Card>
  );
}

/** Puts a new key in the place of the one that a name stands for. */
export function RotateKey({ slug, problem }: { slug: string; problem?: string | undefined }) {
  return (
    <>
      <PageHead title={`Rotate ${slug}`} crumbs={<a href={virtualKeyUrl()}>Virtual keys</a>} />
      <Card>
        <form method="post" action={virtualKeyUrl(slug, 'rotate')} class="stack">
          <Said problem={problem} />
          <p>Calls from then on use the new key. The old one is forgotten here; withdraw it at the provider.</p>
          <Field label="New key">
            <input class="mono" type="password" name="key" required autocomplete="new-password" spellcheck={false} />
          </Field>
          <FormActions label="Rotate" back={virtualKeyUrl()} />
        </form>
      </Card>
    </>
  );
}

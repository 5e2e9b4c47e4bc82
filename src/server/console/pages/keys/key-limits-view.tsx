import { Card, Field, FormActions, PageHead, Select } from '../../view/parts.tsx';
import { Said } from '../../view/question.tsx';
import type { LimitTexts } from './key-limits-form.ts';
import { unitTexts } from './limits-text.ts';
import { virtualKeyUrl } from './virtual-keys-view.tsx';

/** Changes what a virtual key may be used for. */
export function KeyLimits(props: { slug: string; texts: LimitTexts; problem?: string | undefined }) {
  const { slug, texts, problem } = props;
  return (
    <>
      <PageHead title={`Limits of ${slug}`} crumbs={<a href={virtualKeyUrl()}>Virtual keys</a>} />
      <Card>
        <form method="post" action={virtualKeyUrl(slug, 'limits')} class="stack">
          <Said problem={problem} />
          <p>
            They hold for all calls with the key, whichever target makes them, and act at once. What was used stays
            counted.
          </p>
          <Usage texts={texts} />
          {texts.rates.map((rate, index) => (
            <div class="form-row">
              <Field label={`Rate limit ${index + 1}`} {...(index === 0 ? { hint: 'Nothing: none.' } : {})}>
                <input name="rate_value" value={rate.value} inputmode="numeric" autocomplete="off" placeholder="60" />
              </Field>
              <Field label="Of">
                <Select
                  name="rate_type"
                  value={rate.type}
                  options={[
                    ['requests', 'requests'],
                    ['tokens', 'tokens'],
                  ]}
                />
              </Field>
              <Field label="In any">
                <Select
                  name="rate_unit"
                  value={rate.unit}
                  options={Object.entries(unitTexts).map(([unit, text]) => [unit, text.replace(/^an? /, '')] as const)}
                />
              </Field>
            </div>
          ))}
          <div class="form-row">
            <Field label="Expires" hint="Nothing: never.">
              <input
                class="mono"
                name="expires"
                value={texts.expires}
                autocomplete="off"
                placeholder="2030-01-31T00:00:00Z"
              />
            </Field>
            <Field label="Note">
              <input name="note" value={texts.note} autocomplete="off" />
            </Field>
          </div>
          <FormActions label="Save" back={virtualKeyUrl()} />
        </form>
      </Card>
    </>
  );
}

function Usage({ texts: { credit, type, alert, reset } }: { texts: LimitTexts }) {
  return (
    <div class="form-row">
      <Field label="May use" hint="Nothing: no limit.">
        <input name="credit" value={credit} inputmode="decimal" autocomplete="off" placeholder="100" />
      </Field>
      <Field label="Counted in">
        <Select
          name="type"
          value={type}
          options={[
            ['cost', 'US dollars'],
            ['tokens', 'tokens'],
          ]}
        />
      </Field>
      <Field label="Warn from" hint="In the same unit.">
        <input name="alert" value={alert} inputmode="decimal" autocomplete="off" placeholder="80" />
      </Field>
      <Field label="Begins anew">
        <Select
          name="reset"
          value={reset}
          options={[
            ['', 'never'],
            ['weekly', 'every week'],
            ['monthly', 'every month'],
          ]}
        />
      </Field>
    </div>
  );
}

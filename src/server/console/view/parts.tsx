import type { Child } from 'hono/jsx';
import { Icon, icons } from './icon.tsx';

/** Colours of pills: what they say, not how they look. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'violet' | 'accent' | 'plain';

/** A word with a colour. The word says everything. */
export function Pill({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children?: Child }) {
  return (
    <span class={`pill ${tone}`} {...(title === undefined ? {} : { title })}>
      {children}
    </span>
  );
}

/** The head of a page: its title, and what may be done there. `crumbs` leads back. */
export function PageHead({ title, crumbs, children }: { title: Child; crumbs?: Child; children?: Child }) {
  return (
    <div class="head">
      {crumbs === undefined ? '' : <div class="crumbs">{crumbs}</div>}
      <h1>{title}</h1>
      {children === undefined ? '' : <div class="actions">{children}</div>}
    </div>
  );
}

/** A box with a title. Its content brings its own space where `isFlush`. */
export function Card(props: { title?: string; actions?: Child; isFlush?: boolean; children?: Child }) {
  const { title, actions, isFlush = false, children } = props;
  return (
    <section class="card" {...(title === undefined ? {} : { 'aria-label': title })}>
      {title === undefined ? (
        ''
      ) : (
        <header>
          <h2>{title}</h2>
          {actions === undefined ? '' : <div class="actions">{actions}</div>}
        </header>
      )}
      {isFlush ? children : <div class="body">{children}</div>}
    </section>
  );
}

/** Said where a list is empty: what would stand here, and what to do. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <Icon lines={icons.empty} />
      <h2>{title}</h2>
      {children === undefined ? '' : <p>{children}</p>}
    </div>
  );
}

/** Leads to the pages before and after; undefined where there is none. */
export function Pager({
  first,
  next,
  children,
}: {
  first?: string | undefined;
  next?: string | undefined;
  children?: Child;
}) {
  return (
    <nav class="pager" aria-label="Pages">
      <span>{children}</span>
      <div>
        {first === undefined ? '' : <PagerLink href={first}>Latest</PagerLink>}
        {next === undefined ? '' : <PagerLink href={next}>Older</PagerLink>}
      </div>
    </nav>
  );
}

function PagerLink({ href, children }: { href: string; children?: Child }) {
  return (
    <a class="button small" href={href}>
      {children}
    </a>
  );
}

/** A figure with what it means. */
export function Tile({ label, note, children }: { label: string; note?: Child; children?: Child }) {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd>
        {children}
        {note === undefined ? '' : <small>{note}</small>}
      </dd>
    </div>
  );
}

/** A field of a form with its label around it. */
export function Field({
  label,
  hint,
  class: name = '',
  children,
}: {
  label: string;
  hint?: string;
  class?: string;
  children?: Child;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label class={`field ${name}`}>
      <span>{label}</span>
      {children}
      {hint === undefined ? '' : <span class="hint">{hint}</span>}
    </label>
  );
}

/** A choice of texts: `[value, label]`. */
export function Select(props: {
  name: string;
  value: string | undefined;
  options: readonly (readonly [value: string, label: string])[];
  submits?: boolean;
}) {
  const { name, value = '', options, submits = false } = props;
  return (
    <select name={name} {...(submits ? { 'data-submit': '' } : {})}>
      {options.map(([each, label]) => (
        <option value={each} {...(each === value ? { selected: true } : {})}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** The end of a form: what sends it, and the way back where there is one. */
export function FormActions({
  label,
  back,
  tone = 'primary',
}: {
  label: string;
  back?: string;
  tone?: 'primary' | 'danger';
}) {
  return (
    <div class="form-actions">
      <button type="submit" class={`button ${tone}`}>
        {label}
      </button>
      {back === undefined ? (
        ''
      ) : (
        <a class="button" href={back}>
          Cancel
        </a>
      )}
    </div>
  );
}

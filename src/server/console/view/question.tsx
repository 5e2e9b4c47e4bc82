import type { Child } from 'hono/jsx';
import { Card, FormActions, PageHead } from './parts.tsx';

/** A page that asks before something goes. `problem`: why it could not. */
export function Question(props: {
  title: string;
  crumbs: Child;
  action: string;
  label: string;
  back: string;
  problem?: string | undefined;
  children?: Child;
}) {
  const { title, crumbs, action, label, back, problem, children } = props;
  return (
    <>
      <PageHead title={title} crumbs={crumbs} />
      <Card>
        <form method="post" action={action} class="stack">
          <Said problem={problem} />
          {children}
          <FormActions label={label} back={back} tone="danger" />
        </form>
      </Card>
    </>
  );
}

/** What was just done, or why it was not; nothing where there is nothing to say. */
export function Said({ done, problem }: { done?: string | undefined; problem?: string | undefined }) {
  if (problem !== undefined)
    return (
      <p class="notice bad" role="alert">
        {problem}
      </p>
    );
  return done === undefined ? (
    <></>
  ) : (
    <p class="notice good" role="status">
      {done}
    </p>
  );
}

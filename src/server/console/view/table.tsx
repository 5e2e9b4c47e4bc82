import type { Child } from 'hono/jsx';

/** The name of a column; `number` for figures, `hidden` where only a reader of the screen needs a name, as above buttons. */
export type Column = string | readonly [name: string, kind: 'number' | 'hidden'];

/** A table whose rows are `children`. On a narrow screen each row becomes a card; `class` says otherwise. `below` stands under it. */
export function Table(props: {
  columns: readonly Column[];
  class?: string;
  wrap?: string;
  below?: Child;
  children?: Child;
}) {
  const { columns, class: name = 'cards', wrap = 'table-wrap', below, children } = props;
  return (
    <div class={wrap}>
      <table {...(name === '' ? {} : { class: name })}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head column={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {below ?? ''}
    </div>
  );
}

function Head({ column }: { column: Column }) {
  if (typeof column === 'string') return <th scope="col">{column}</th>;
  const [name, kind] = column;
  if (kind === 'number')
    return (
      <th scope="col" class="number">
        {name}
      </th>
    );
  return (
    <th scope="col">
      <span class="visually-hidden">{name}</span>
    </th>
  );
}

/** The column of what can be done with a row. */
export const actions: Column = ['What can be done', 'hidden'];

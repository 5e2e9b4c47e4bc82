import { Empty, PageHead } from '../../view/parts.tsx';

/** A page that lives on logs, where the server keeps none. */
export function NoLogs({ title }: { title: string }) {
  return (
    <>
      <PageHead title={title} />
      <div class="card">
        <Empty title="This server keeps no logs">
          Start it with <code>modelmux serve --logs logs.db</code>, or give <code>createServer</code> the option{' '}
          <code>logs</code>.
        </Empty>
      </div>
    </>
  );
}

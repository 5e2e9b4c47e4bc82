import type { LogRecord } from '../../../../core/log-record.ts';
import { consolePath } from '../../console-env.ts';
import { countText, durationText, moneyText, Time } from '../../view/figures.tsx';
import { Table } from '../../view/table.tsx';
import { StatusPill, WayPills } from './log-pills.tsx';
import { searchUrl } from './search.ts';

/** Requests as a table; each row leads to its request. */
export function LogTable({ records }: { records: readonly LogRecord[] }) {
  return (
    <Table
      columns={[
        'Time',
        'Status',
        'Model',
        'Routing',
        ['Tokens', 'number'],
        ['Cost', 'number'],
        ['Time taken', 'number'],
        'Trace',
      ]}
    >
      {records.map((record) => (
        <LogRow record={record} />
      ))}
    </Table>
  );
}

/** The address of a request. */
export function logUrl(id: string): string {
  return `${consolePath}/logs/${encodeURIComponent(id)}`;
}

function LogRow({ record }: { record: LogRecord }) {
  const { id, startedAt, endpoint, model = record.requestedModel, provider, usage, cost, durationMs, traceId } = record;
  return (
    <tr class="link" data-key={id}>
      <td class="key nowrap">
        <a class="cover" id={`log-${id}`} href={logUrl(id)}>
          <Time at={startedAt} />
        </a>
      </td>
      <td>
        <StatusPill record={record} />
      </td>
      <td class="full">
        {model ?? endpoint}
        <span class="sub">{[provider, model === undefined ? undefined : endpoint].filter(Boolean).join(' · ')}</span>
      </td>
      <td class={record.marks.length === 0 && record.cache === 'DISABLED' ? 'wide-only' : 'full'}>
        <WayPills record={record} />
      </td>
      <td class="number" data-label="Tokens">
        {usage === undefined ? '–' : <Tokens prompt={usage.promptTokens} completion={usage.completionTokens} />}
      </td>
      <td class="number" data-label="Cost">
        {cost === undefined ? '–' : moneyText(cost.microUsd)}
      </td>
      <td class="number">{durationText(durationMs)}</td>
      <td class="wide-only">
        <a class="mono clip trace" href={searchUrl({ trace_id: traceId })} title={`All requests of trace ${traceId}`}>
          {traceId.length > 14 ? `${traceId.slice(0, 12)}…` : traceId}
        </a>
      </td>
    </tr>
  );
}

function Tokens({ prompt, completion }: { prompt: number; completion: number }) {
  const sum = `${countText(prompt)} in, ${countText(completion)} out`;
  return (
    <span title={sum}>
      {countText(prompt)}
      <span class="muted"> → </span>
      {countText(completion)}
    </span>
  );
}

import type { Trace } from '../../../../observe/logs/trace.ts';
import { consolePath } from '../../console-env.ts';
import { countText, durationText, moneyText, Time } from '../../view/figures.tsx';
import { Pill } from '../../view/parts.tsx';
import { Table } from '../../view/table.tsx';

/** The address of a trace. */
export function traceUrl(traceId: string): string {
  return `${consolePath}/traces/${encodeURIComponent(traceId)}`;
}

/** Traces as a table, each with its totals. */
export function TraceTable({ traces }: { traces: readonly Trace[] }) {
  return (
    <Table
      columns={[
        'Trace',
        'Started',
        'Outcome',
        ['Requests', 'number'],
        ['Attempts', 'number'],
        ['Tokens', 'number'],
        ['Cost', 'number'],
        ['Time taken', 'number'],
      ]}
    >
      {traces.map((trace) => (
        <TraceRow trace={trace} />
      ))}
    </Table>
  );
}

function TraceRow({ trace: { traceId, startedAt, durationMs, totals, feedback } }: { trace: Trace }) {
  const { requests, attempts, failures, promptTokens, completionTokens, costMicroUsd } = totals;
  return (
    <tr class="link">
      <td class="key full">
        <a class="cover mono clip id" href={traceUrl(traceId)}>
          {traceId}
        </a>
      </td>
      <td class="nowrap">
        <Time at={startedAt} />
      </td>
      <td>
        <span class="pills">
          <OutcomePill failures={failures} requests={requests} />
          {feedback.length === 0 ? '' : <Pill tone="info">Feedback</Pill>}
        </span>
      </td>
      <td class="number" data-label="Requests">
        {countText(requests)}
      </td>
      <td class="number" data-label="Attempts">
        {countText(attempts)}
      </td>
      <td class="number" data-label="Tokens">
        {countText(promptTokens)}
        <span class="muted"> → </span>
        {countText(completionTokens)}
      </td>
      <td class="number" data-label="Cost">
        {costMicroUsd === undefined ? '–' : moneyText(costMicroUsd)}
      </td>
      <td class="number">{durationText(durationMs)}</td>
    </tr>
  );
}

/** How many of the requests of a trace failed. */
export function OutcomePill({ failures, requests }: { failures: number; requests: number }) {
  if (failures === 0) return <Pill tone="good">All succeeded</Pill>;
  return <Pill tone="bad">{failures === requests ? 'Failed' : `${failures} of ${requests} failed`}</Pill>;
}

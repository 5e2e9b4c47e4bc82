import { percent } from '../../config/plan/shares.ts';
import { bar, type Paint, table } from '../style.ts';
import type { Distribution, LoadSummary } from './summary.ts';

/** A load test's numbers as a picture. */
export function summaryText(summary: LoadSummary, concurrency: number, paint: Paint): string {
  const { requests, ok, failed, durationMs, perSecond, triesPerRequest, tokens, cached, wasStopped } = summary;
  const lines = [
    paint(
      'bold',
      `${requests} requests in ${shownMs(durationMs)}, ${shown(perSecond)} per second, ${concurrency} at a time`,
    ),
    ...(wasStopped ? [paint('yellow', 'Stopped before the end.')] : []),
    `ok ${paint('green', String(ok))}, failed ${failed === 0 ? '0' : paint('red', String(failed))}`,
    ...(cached === 0 ? [] : [`${cached} from a cache`]),
    ...(triesPerRequest === undefined ? [] : [`${shown(triesPerRequest)} tries per request`]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
    ...block('Latency', [...distributions(summary), ...(ok === 0 ? [] : ['', ...histogram(summary)])], paint),
    ...block('Failures', failures(summary), paint),
    ...block('Who answered', targets(summary), paint),
  ];
  return `${lines.join('\n')}\n`;
}

function block(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

function distributions({ latencyMs, firstTokenMs }: LoadSummary): readonly string[] {
  const row = (title: string, { mean, p50, p90, p95, p99, max }: Distribution) => [
    title,
    ...[mean, p50, p90, p95, p99, max].map(shownMs),
  ];
  const rows = [
    ...(latencyMs === undefined ? [] : [row('whole', latencyMs)]),
    ...(firstTokenMs === undefined ? [] : [row('first token', firstTokenMs)]),
  ];
  return rows.length === 0 ? [] : table([['', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'], ...rows], [1, 2, 3, 4, 5, 6]);
}

const barWidth = 40;

function histogram({ histogram: buckets }: LoadSummary): readonly string[] {
  const most = Math.max(...buckets.map(({ count }) => count));
  return table(
    buckets.map(({ upToMs, count }) => [`≤ ${shownMs(upToMs)}`, String(count), bar(count / most, barWidth)]),
    [0, 1],
  );
}

function failures({ failures: all }: LoadSummary): readonly string[] {
  return table(
    all.map(({ what, count }) => [String(count), what]),
    [0],
  );
}

function targets({ targets: all }: LoadSummary): readonly string[] {
  return table(
    all.map(({ path, provider = '', count, failed, share }) => [
      path,
      provider,
      String(count),
      percent(share),
      failed === 0 ? '' : `${failed} failed`,
      bar(share, barWidth / 2),
    ]),
    [2, 3],
  );
}

/** `850 ms`, `2.1 s`; below 10 ms with two digits. */
function shownMs(ms: number): string {
  if (ms >= 1000) return `${shown(ms / 1000)} s`;
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(2))} ms`;
}

function shown(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toFixed(value >= 10 ? 1 : 2)));
}

import type { LogRecord } from '../../../../core/log-record.ts';
import type { CacheStatus } from '../../../../core/reply.ts';
import { Pill, type Tone } from '../../view/parts.tsx';

/** How a request ended: its status, in the colour of its outcome. */
export function StatusPill({
  record: { outcome, status, error },
}: {
  record: Pick<LogRecord, 'outcome' | 'status' | 'error'>;
}) {
  const tone = outcome === 'success' ? 'good' : outcome === 'aborted' ? 'warn' : 'bad';
  const text = outcome === 'aborted' ? 'Caller left' : outcome === 'success' ? (status ?? 'OK') : (status ?? 'Failed');
  return (
    <Pill tone={tone} title={error === undefined ? outcome : `${outcome}: ${error.message}`}>
      <span class="dot" />
      {text}
    </Pill>
  );
}

const cachePills: Readonly<Record<CacheStatus, readonly [Tone, string] | undefined>> = {
  HIT: ['info', 'Cache hit'],
  'SEMANTIC HIT': ['info', 'Semantic hit'],
  MISS: ['plain', 'Cache miss'],
  'SEMANTIC MISS': ['plain', 'Semantic miss'],
  REFRESH: ['plain', 'Cache refresh'],
  DISABLED: undefined,
};

/** What happened on the way. */
export function WayPills({ record }: { record: Pick<LogRecord, 'cache' | 'marks' | 'attempts'> }) {
  const { cache, marks, attempts } = record;
  const cached = cachePills[cache];
  const retries = attempts.filter(({ retry }) => retry > 0).length;
  return (
    <span class="pills">
      {cached === undefined ? '' : <Pill tone={cached[0]}>{cached[1]}</Pill>}
      {marks.includes('retry') ? <Pill tone="warn">{retries > 1 ? `Retry ×${retries}` : 'Retry'}</Pill> : ''}
      {marks.includes('fallback') ? <Pill tone="violet">Fallback</Pill> : ''}
      {marks.includes('loadbalance') ? <Pill tone="accent">Load balance</Pill> : ''}
      {marks.includes('conditional') ? <Pill tone="accent">Condition</Pill> : ''}
    </span>
  );
}

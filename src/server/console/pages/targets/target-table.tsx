import type { TargetSnapshot } from '../../../../routing/state/target-state.ts';
import { consolePath } from '../../console-env.ts';
import { countText, durationText, moneyText, Time } from '../../view/figures.tsx';
import { Pill, type Tone } from '../../view/parts.tsx';
import { Table } from '../../view/table.tsx';

/** Targets as a table: health, load, latency, what is left of limits and budgets, and a switch. */
export function TargetTable({ targets, now }: { targets: readonly TargetSnapshot[]; now: number }) {
  return (
    <Table
      columns={[
        'Target',
        'Health',
        ['In flight', 'number'],
        ['First token', 'number'],
        ['Reply', 'number'],
        'Limits and budgets',
        ['Switch', 'hidden'],
      ]}
    >
      {targets.map((target) => (
        <Row target={target} now={now} />
      ))}
    </Table>
  );
}

function Row({ target, now }: { target: TargetSnapshot; now: number }) {
  const { id, provider, paths, inFlight, waiting, firstTokenMs, replyMs } = target;
  const [first = '', ...others] = paths;
  return (
    <tr>
      <td class="full">
        <strong>{provider}</strong> <code class="muted">{id}</code>
        <span class="sub mono" title={paths.join('\n')}>
          {first}
          {others.length === 0 ? '' : ` and ${others.length} more`}
        </span>
      </td>
      <td>
        <HealthPill target={target} now={now} />
      </td>
      <td class="number" data-label="In flight">
        {countText(inFlight)}
        {waiting === undefined ? '' : <span class="sub">{countText(waiting)} waiting</span>}
      </td>
      <td class="number" data-label="First token">
        {firstTokenMs === undefined ? '–' : durationText(firstTokenMs)}
      </td>
      <td class="number" data-label="Reply">
        {replyMs === undefined ? '–' : durationText(replyMs)}
      </td>
      <td class={target.limits === undefined && target.budgets === undefined ? 'wide-only' : 'full'}>
        <Bounds target={target} />
      </td>
      <td class="number">
        <Switch target={target} />
      </td>
    </tr>
  );
}

const healths: Readonly<Record<TargetSnapshot['health'], readonly [Tone, string]>> = {
  ready: ['good', 'Ready'],
  cooling: ['bad', 'Cooling down'],
  probing: ['warn', 'Probing'],
  recovering: ['warn', 'Recovering'],
  disabled: ['plain', 'Out of use'],
};

function HealthPill({
  target: { health, openUntil, fails, askedToWaitUntil },
  now,
}: {
  target: TargetSnapshot;
  now: number;
}) {
  const [tone, text] = healths[health];
  const notes = [
    ...(health === 'cooling' && openUntil !== undefined
      ? [
          <>
            until <Time at={openUntil} form="clock" />
          </>,
        ]
      : []),
    ...(askedToWaitUntil !== undefined && askedToWaitUntil > now
      ? [
          <>
            its provider asks to wait until <Time at={askedToWaitUntil} form="clock" />
          </>,
        ]
      : []),
    ...(fails === 0 ? [] : [<>{fails === 1 ? '1 failure' : `${countText(fails)} failures`}</>]),
  ];
  return (
    <>
      <Pill tone={tone}>
        <span class="dot" />
        {text}
      </Pill>
      {notes.map((note) => (
        <span class="sub">{note}</span>
      ))}
    </>
  );
}

/** What is left of limits and budgets, each as a bar of what is used. */
function Bounds({ target: { limits = [], budgets = [] } }: { target: TargetSnapshot }) {
  return (
    <ul class="bounds">
      {limits.map(({ of, limit, used, remaining, perMs, guards }) => (
        <Bound
          label={`${of.replaceAll('_', ' ')}${perMs === undefined ? '' : ` per ${spanText(perMs)}`}`}
          text={`${countText(Math.max(0, remaining))} of ${countText(limit)} left`}
          share={limit === 0 ? 1 : used / limit}
          title={`guards ${guards}`}
        />
      ))}
      {budgets.map(({ period, of, amountUsd, spentUsd, reservedUsd, path }) => (
        <Bound
          label={`budget per ${period}${of === undefined ? '' : ` of ${of}`}`}
          text={`${moneyText(Math.round(spentUsd * 1e6))} of ${moneyText(Math.round(amountUsd * 1e6))}`}
          share={amountUsd === 0 ? 1 : (spentUsd + reservedUsd) / amountUsd}
          title={path}
        />
      ))}
    </ul>
  );
}

function Bound({ label, text, share, title }: { label: string; text: string; share: number; title: string }) {
  const used = Math.min(1, Math.max(0, share));
  const tone = used >= 0.95 ? 'bar-failed' : used >= 0.75 ? 'bar-warn' : 'bar-rest';
  return (
    <li title={title}>
      <span>
        {label} <span class="muted">{text}</span>
      </span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={`${Math.round(used * 100)} % used`}>
        <rect class="bar-track" width="100" height="4" />
        <rect class={tone} width={String(used * 100)} height="4" />
      </svg>
    </li>
  );
}

const spans = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

/** `minute`, `30 seconds` */
function spanText(ms: number): string {
  const [unit, name] = spans.find(([each]) => ms % each === 0) ?? [1000, 'second'];
  return ms === unit ? name : `${countText(ms / unit)} ${name}s`;
}

function Switch({ target: { id, provider, health } }: { target: TargetSnapshot }) {
  const isOut = health === 'disabled';
  const question = `Take ${provider} out of use? Its calls go elsewhere, or fail, until it is put back.`;
  return (
    <form
      method="post"
      action={`${consolePath}/targets/${encodeURIComponent(id)}/${isOut ? 'enable' : 'disable'}`}
      {...(isOut ? {} : { 'data-confirm': question })}
    >
      <button type="submit" class="button small" id={`switch-${id}`}>
        {isOut ? 'Put back' : 'Take out'}
      </button>
    </form>
  );
}

import type { LimitSnapshot } from '../../../../core/limit.ts';
import type { TargetSnapshot } from '../../../../routing/state/target-state.ts';
import { countText, durationText, moneyText } from '../../view/figures.tsx';
import { modeText } from '../../view/mode-text.ts';
import { Pill, type Tone } from '../../view/parts.tsx';
import type { ConfigNode, Edge } from './config-tree.ts';
import { type RecentCalls, recentMinutes } from './recent-calls.ts';

/** A tree, and what it is drawn with. */
interface Drawing {
  readonly root: ConfigNode;
  /** Of a config in use, where calls are logged. */
  readonly calls?: RecentCalls | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A config as nested lists: its nodes, who gets how much, and how the targets are doing. */
export function ConfigTree({ root, calls, now }: Drawing) {
  return (
    <>
      <ul class="tree config-tree">
        <Node node={root} calls={calls} now={now} />
      </ul>
      {calls === undefined ? (
        ''
      ) : (
        <p class="hint tree-note">
          {calls.total === 0
            ? `No calls through this version in the last ${recentMinutes} minutes.`
            : `Bars: who answered the ${calls.total === 1 ? 'one call' : `${countText(calls.total)} calls`} through this version in the last ${recentMinutes} minutes.`}
        </p>
      )}
    </>
  );
}

function Node({ node, calls, now }: { node: ConfigNode; calls: RecentCalls | undefined; now: number }) {
  const { edge, children, state } = node;
  return (
    <li>
      <div class={`node ${healthTone(state) === 'bad' ? 'failed' : ''}`}>
        {edge === undefined ? '' : <EdgePill edge={edge} />}
        <Title node={node} />
        {state === undefined ? '' : <State state={state} now={now} />}
        {calls === undefined || calls.total === 0 ? '' : <Bar part={node.calls / calls.total} count={node.calls} />}
      </div>
      {children.length === 0 ? (
        ''
      ) : (
        <ul>
          {children.map((child) => (
            <Node node={child} calls={calls} now={now} />
          ))}
        </ul>
      )}
    </li>
  );
}

function EdgePill({ edge: { label, why, share } }: { edge: Edge }) {
  const tone: Tone = share === undefined ? 'plain' : share === 0 ? 'warn' : 'accent';
  return (
    <span class={`pill edge ${tone}`} {...(why === undefined ? {} : { title: why })}>
      {label}
    </span>
  );
}

function Title({ node: { name, mode, provider, model } }: { node: ConfigNode }) {
  const what = mode === undefined ? (provider ?? 'whom the request names') : modeText(mode);
  const more = [name === undefined ? undefined : what, model].filter((text) => text !== undefined);
  return (
    <>
      <span class="name">{name ?? what}</span>
      {more.length === 0 ? '' : <span class="muted">{more.join(' · ')}</span>}
    </>
  );
}

const tones: Readonly<Record<TargetSnapshot['health'], Tone>> = {
  disabled: 'warn',
  ready: 'good',
  cooling: 'bad',
  probing: 'warn',
  recovering: 'warn',
};

function healthTone(state: TargetSnapshot | undefined): Tone | undefined {
  return state === undefined ? undefined : tones[state.health];
}

function State({ state, now }: { state: TargetSnapshot; now: number }) {
  const { health, openUntil, inFlight, waiting = 0, fails, limits = [], budgets = [] } = state;
  const rest =
    health === 'cooling' && openUntil !== undefined ? ` for ${durationText(Math.max(0, openUntil - now))}` : '';
  return (
    <span class="pills">
      <Pill tone={tones[health]}>{`${health}${rest}`}</Pill>
      {inFlight === 0 ? '' : <Pill tone="info">{countText(inFlight)} in flight</Pill>}
      {waiting === 0 ? '' : <Pill tone="warn">{countText(waiting)} waiting</Pill>}
      {fails === 0 ? '' : <Pill tone="warn">{countText(fails)} failed lately</Pill>}
      {limits.map((limit) => (
        <Pill tone={limit.remaining <= 0 ? 'bad' : 'plain'} title={`guards ${limit.guards}`}>
          {limitText(limit)}
        </Pill>
      ))}
      {budgets.map(({ amountUsd, spentUsd, reservedUsd, period, path }) => {
        const left = Math.max(0, amountUsd - spentUsd - reservedUsd);
        return (
          <Pill tone={left <= 0 ? 'bad' : 'plain'} title={path}>
            {`${moneyText(left * 1_000_000)} of ${moneyText(amountUsd * 1_000_000)} left (${period})`}
          </Pill>
        );
      })}
    </span>
  );
}

function limitText({ of, remaining, limit, perMs }: LimitSnapshot): string {
  const per = perMs === undefined ? '' : ` in ${perMs % 60_000 === 0 ? `${perMs / 60_000} min` : durationText(perMs)}`;
  return `${countText(Math.max(0, Math.floor(remaining)))} of ${countText(limit)} ${of.replaceAll('_', ' ')} left${per}`;
}

/** `part`: 0 to 1. */
function Bar({ part, count }: { part: number; count: number }) {
  const text = `${Math.round(part * 100)} % of calls`;
  return (
    <span class="calls" title={`${countText(count)} calls`}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-track" width="100" height="6" rx="1" />
        <rect class="bar-rest" width={String(Math.round(part * 1000) / 10)} height="6" rx="1" />
      </svg>
      <span>{text}</span>
    </span>
  );
}

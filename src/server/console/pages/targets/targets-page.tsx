import type { TargetSnapshot } from '../../../../routing/state/target-state.ts';
import type { Gateway } from '../../../gateway.ts';
import { type ConsolePage, consolePath } from '../../console-env.ts';
import { countText } from '../../view/figures.tsx';
import { answerFragment } from '../../view/fragment.ts';
import { LiveTools } from '../../view/live-tools.tsx';
import { Empty, PageHead, Tile } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { TargetTable } from './target-table.tsx';

/** How the targets are doing, kept up to date, and a way to take one out of use. */
export const targetsPage: ConsolePage = {
  path: '/targets',
  title: 'Targets',
  icon: ['M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11Z', 'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z'],
  routes(app, gateway) {
    app.get('/targets', (c) => answerPage(c, frame, <Targets {...stateOf(gateway)} />));
    app.get('/targets/live', (c) => answerFragment(c, <Listing {...stateOf(gateway)} />));
    app.post('/targets/:id/:turn{disable|enable}', (c) => {
      const { id, turn } = c.req.param();
      gateway.callers.own.targetSwitch[turn === 'disable' ? 'disable' : 'enable'](id);
      return c.redirect(`${consolePath}/targets`, 303);
    });
  },
};

const frame = { title: 'Targets', current: '/targets' };

interface State {
  readonly targets: readonly TargetSnapshot[];
  readonly now: number;
}

function stateOf({ callers, runtime }: Gateway): State {
  // A server without a config of its own has a place for whomever requests name: that is no target.
  const targets = callers.own.targets().filter(({ provider }) => provider !== '');
  return { targets, now: runtime.clock.now() };
}

function Targets(state: State) {
  return (
    <>
      <PageHead title="Targets">
        <LiveTools />
      </PageHead>
      <div data-live={`${consolePath}/targets/live`}>
        <Listing {...state} />
      </div>
    </>
  );
}

function Listing({ targets, now }: State) {
  if (targets.length === 0)
    return (
      <div class="card">
        <Empty title="No targets yet">
          Targets appear once a config is compiled: the server’s default one when it starts, others with their first
          request.
        </Empty>
      </div>
    );
  const ready = targets.filter(({ health }) => health === 'ready' || health === 'recovering').length;
  const sum = (of: (target: TargetSnapshot) => number) => targets.reduce((total, target) => total + of(target), 0);
  return (
    <div class="stack">
      <dl class="tiles">
        <Tile label="Ready">
          {countText(ready)} <span class="muted">of {countText(targets.length)}</span>
        </Tile>
        <Tile label="In flight">{countText(sum(({ inFlight }) => inFlight))}</Tile>
        <Tile label="Waiting">{countText(Math.max(0, ...targets.map(({ waiting = 0 }) => waiting)))}</Tile>
        <Tile label="Failures that count">{countText(sum(({ fails }) => fails))}</Tile>
      </dl>
      <div class="card">
        <TargetTable targets={targets} now={now} />
      </div>
    </div>
  );
}

import type { LogAttempt } from '../../../../core/log-record.ts';
import { durationText } from '../../view/figures.tsx';
import { modeText } from '../../view/mode-text.ts';
import { Pill } from '../../view/parts.tsx';
import type { TreeNode } from './attempts-tree.ts';

/** A config with the tries of one request in it, as nested lists. */
export function Tree({ root }: { root: TreeNode }) {
  return (
    <ul class="tree">
      <Node node={root} />
    </ul>
  );
}

/** Targets of one node that are drawn though nobody asked them. */
const mostUntried = 12;

function Node({ node }: { node: TreeNode }) {
  const { children } = node;
  let untried = 0;
  const shown = children.filter((child) => wasReached(child) || ++untried <= mostUntried);
  const left = children.length - shown.length;
  return (
    <li>
      <Box node={node} />
      {children.length === 0 ? (
        ''
      ) : (
        <ul>
          {shown.map((child) => (
            <Node node={child} />
          ))}
          {left === 0 ? '' : <li class="muted">and {left} more that were not tried</li>}
        </ul>
      )}
    </li>
  );
}

function wasReached({ attempts, isAnswerer, children }: TreeNode): boolean {
  return attempts.length > 0 || isAnswerer || children.some(wasReached);
}

function Box({ node }: { node: TreeNode }) {
  const { model, attempts, path } = node;
  return (
    <div class={`node ${stateOf(node)}`} data-path={path}>
      <Title node={node} />
      {model === undefined ? '' : <span class="muted">{model}</span>}
      {attempts.map((attempt) => (
        <AttemptPill attempt={attempt} />
      ))}
      {stateOf(node) === 'cached' ? <Pill tone="info">from cache</Pill> : ''}
      {stateOf(node) === 'untried' ? <span class="not-tried">not tried</span> : ''}
      <span class="path mono">{path}</span>
    </div>
  );
}

function stateOf(node: TreeNode): 'answered' | 'cached' | 'failed' | 'untried' | 'way' {
  if (!wasReached(node)) return 'untried';
  if (node.mode !== undefined) return 'way';
  if (!node.isAnswerer) return 'failed';
  return node.attempts.length === 0 ? 'cached' : 'answered';
}

/** The name where there is one, with what it names beside it. */
function Title({ node: { mode, name, provider } }: { node: TreeNode }) {
  const what = mode === undefined ? (provider ?? 'target') : modeText(mode);
  return (
    <>
      <span class="name">{name ?? what}</span>
      {name === undefined ? '' : <span class="muted">{what}</span>}
    </>
  );
}

/** How one try ended. */
export function AttemptPill({ attempt }: { attempt: LogAttempt }) {
  const { outcome, status, errorKind, durationMs, errorMessage } = attempt;
  const tone = outcome === 'success' ? 'good' : outcome === 'failure' ? 'bad' : 'warn';
  const words = outcome === 'success' ? [status ?? 'OK'] : [status, errorKind ?? outcome];
  const took = durationMs === undefined ? [] : [durationText(durationMs)];
  return (
    <Pill tone={tone} {...(errorMessage === undefined ? {} : { title: errorMessage })}>
      {[...words, ...took].filter((word) => word !== undefined).join(' · ')}
    </Pill>
  );
}

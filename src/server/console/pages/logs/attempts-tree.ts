import { childrenOf } from '../../../../config/children.ts';
import type { Config } from '../../../../config/config.ts';
import type { LogAttempt, LogRecord } from '../../../../core/log-record.ts';

/** A node of a config, with what one request did there. */
export interface TreeNode {
  /** `config.targets[1]` */
  readonly path: string;
  readonly name: string | undefined;
  /** Of a node with children. */
  readonly mode: string | undefined;
  /** Provider, or `@slug` of the virtual key. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly attempts: readonly LogAttempt[];
  /** The request was answered by this target: by it, or from a cache of its answers. */
  readonly isAnswerer: boolean;
  readonly children: readonly TreeNode[];
}

/**
 * The tries of a request in the tree of its config. Where the config is not known, or is not (or no longer) the one that the request went
 * through, only what was tried.
 */
export function attemptsTree(record: LogRecord, config: Config | undefined): TreeNode | undefined {
  const tree = config === undefined ? undefined : fromConfig(config, 'config', record);
  return tree !== undefined && isItsConfig(tree, record) ? tree : fromRecord(record);
}

/** A config that nothing was asked of yet. */
export function configTree(config: Config): TreeNode {
  return fromConfig(config, 'config', { attempts: [], outcome: 'aborted' });
}

/** What of a record says where it was tried. */
type Tried = Pick<LogRecord, 'attempts' | 'outcome' | 'path'>;

function fromConfig(node: Config, path: string, record: Tried): TreeNode {
  const { name, strategy, provider, virtual_key: key, override_params: params } = node;
  const model = params?.model;
  return {
    path,
    name,
    mode: childrenOf(node).length === 0 ? undefined : (strategy?.mode ?? 'model groups'),
    provider: key === undefined ? provider : `@${key}`,
    model: typeof model === 'string' ? model : undefined,
    ...here(path, record),
    children: [
      ...(node.targets ?? []).map((child, index) => fromConfig(child, `${path}.targets[${index}]`, record)),
      ...Object.entries(node.model_groups ?? {}).map(([group, child]) =>
        named(group, fromConfig(child, `${path}.model_groups[${JSON.stringify(group)}]`, record)),
      ),
    ],
  };
}

function named(group: string, node: TreeNode): TreeNode {
  return { ...node, name: node.name ?? group };
}

function here(path: string, { attempts, outcome, path: answered }: Tried): Pick<TreeNode, 'attempts' | 'isAnswerer'> {
  return {
    attempts: attempts.filter((attempt) => attempt.path === path),
    isAnswerer: outcome === 'success' && answered === path,
  };
}

/** Has the tree every node that the request came through, as it was then? */
function isItsConfig(tree: TreeNode, { attempts, route }: LogRecord): boolean {
  const known = new Map<string, TreeNode>();
  const add = (node: TreeNode) => {
    known.set(node.path, node);
    node.children.forEach(add);
  };
  add(tree);
  const isWay = route.every(({ path, mode }) => known.get(path)?.mode === mode);
  return isWay && attempts.length > 0 && attempts.every((attempt) => isTarget(known.get(attempt.path), attempt));
}

function isTarget(node: TreeNode | undefined, { provider, virtualKey, name }: LogAttempt): boolean {
  if (node === undefined || node.mode !== undefined || (name !== undefined && node.name !== name)) return false;
  if (node.provider === undefined) return false;
  return virtualKey === undefined ? node.provider === provider : node.provider === `@${virtualKey}`;
}

/** Nodes that the request came through, and the targets it tried, below the deepest of those that they stand in. */
function fromRecord(record: LogRecord): TreeNode | undefined {
  const { route, attempts, path, provider, model } = record;
  const targets = new Map<string, Pick<TreeNode, 'name' | 'provider' | 'model'>>();
  for (const attempt of attempts) {
    const { name, virtualKey } = attempt;
    const asked = virtualKey === undefined ? attempt.provider : `@${virtualKey}`;
    targets.set(attempt.path, { name, provider: asked, model: attempt.model });
  }
  if (targets.size === 0 && path !== undefined) targets.set(path, { name: undefined, provider, model });
  const nodes = route.filter((step) => !targets.has(step.path));
  const parentOf = (child: string) =>
    nodes
      .filter((node) => child !== node.path && child.startsWith(`${node.path}.`))
      .sort((a, b) => b.path.length - a.path.length)[0];
  const childrenAt = (parent: string | undefined): readonly TreeNode[] => [
    ...nodes
      .filter((node) => parentOf(node.path)?.path === parent)
      .map((node) => ({
        path: node.path,
        name: undefined,
        mode: node.mode,
        provider: undefined,
        model: undefined,
        attempts: [],
        isAnswerer: false,
        children: childrenAt(node.path),
      })),
    ...[...targets]
      .filter(([target]) => parentOf(target)?.path === parent)
      .map(([target, facts]) => ({ path: target, mode: undefined, ...facts, ...here(target, record), children: [] })),
  ];
  const roots = childrenAt(undefined);
  const [only] = roots;
  if (only === undefined || roots.length === 1) return only;
  return {
    path: 'config',
    name: undefined,
    mode: 'config',
    provider: undefined,
    model: undefined,
    attempts: [],
    isAnswerer: false,
    children: roots,
  };
}

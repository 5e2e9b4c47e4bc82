import { orderOf } from '../../config/plan/order.ts';
import type { PlanNode, PlannedRequest } from '../../config/plan/plan.ts';
import type { Paint } from '../style.ts';
import { table } from '../style.ts';

/** A plan for people: the tree, each node with its reasons, then the order of tries. */
export function planText(plan: PlanNode, planned: PlannedRequest, paint: Paint): string {
  return `${[requestLine(planned), '', ...treeLines(plan, '', '', paint), '', ...orderLines(plan, paint)].join('\n')}\n`;
}

function requestLine({ request: { body }, metadata, pathname }: PlannedRequest): string {
  const facts = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
  return [
    `POST ${pathname}`,
    ...(typeof body['model'] === 'string' ? [`model ${body['model']}`] : []),
    ...(body['stream'] === true ? ['streamed'] : []),
    ...(facts.length === 0 ? [] : [`metadata ${facts.join(', ')}`]),
  ].join(', ');
}

function treeLines(node: PlanNode, lead: string, below: string, paint: Paint): readonly string[] {
  const told = [
    ...(lead === '' ? [] : [node.why]),
    ...(node.conditions ?? []).map(
      ({ query, then, matches }, index) =>
        `condition ${index + 1}: ${JSON.stringify(query)} ${matches ? '✔ matches' : '✘ does not match'} (then "${then}")`,
    ),
    ...node.settings,
  ];
  const bar = node.children.length > 0 ? '│  ' : '   ';
  return [
    `${lead}${title(node, paint)}`,
    ...told.map((line) => `${below}${bar}${paint('dim', line)}`),
    ...node.children.flatMap((child, index) => {
      const isLast = index === node.children.length - 1;
      return treeLines(child, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`, paint);
    }),
  ];
}

function title(node: PlanNode, paint: Paint): string {
  const what = node.kind === 'target' ? [node.provider, node.model].filter(Boolean).join(' ') : node.kind;
  const line = `${node.path}${node.name === undefined ? '' : ` "${node.name}"`}: ${what}`;
  return node.isReachable ? paint('bold', line) : paint(['dim', 'strikethrough'], line);
}

function nobody({ kind }: PlanNode): string {
  const why = kind === 'model_groups' ? 'no model group answers' : 'no condition matches, and there is no default';
  return `Nobody would be tried: ${why}.`;
}

function orderLines(plan: PlanNode, paint: Paint): readonly string[] {
  const steps = orderOf(plan);
  if (steps.length === 0) return [paint('red', nobody(plan))];
  const rows = steps.map(({ turn, path, name, provider, model, when }) => [
    `${turn}.`,
    name === undefined ? path : `${path} "${name}"`,
    model === undefined ? provider : `${provider} ${model}`,
    when,
  ]);
  return [paint('bold', 'Order of tries'), ...table(rows, [0])];
}

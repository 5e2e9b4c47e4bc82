import type { PlanNode } from '../../config/plan/plan.ts';

/** A plan as a Mermaid flowchart: solid edges lead where the request may come, dotted ones where it cannot. */
export function planMermaid(plan: PlanNode): string {
  const lines: string[] = ['flowchart TD', '  request([request]) --> n0'];
  let count = 0;
  const add = (node: PlanNode): string => {
    const id = `n${count}`;
    count += 1;
    lines.push(`  ${id}${shape(node)}`);
    for (const child of node.children) {
      const arrow = child.isReachable ? '-->' : '-.->';
      const at = lines.length;
      const childId = add(child);
      lines.splice(at, 0, `  ${id} ${arrow}|${quoted(child.why)}| ${childId}`);
    }
    return id;
  };
  add(plan);
  return `${lines.join('\n')}\n`;
}

function shape(node: PlanNode): string {
  const what = node.kind === 'target' ? [node.provider, node.model].filter(Boolean).join(' ') : node.kind;
  const text = [node.name ?? node.path, what, ...node.settings].join('\n');
  return node.kind === 'target' ? `[${quoted(text)}]` : `{{${quoted(text)}}}`;
}

/** Mermaid takes entities for what would end a label. */
function quoted(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `"${safe.replaceAll('\n', '<br/>')}"`;
}

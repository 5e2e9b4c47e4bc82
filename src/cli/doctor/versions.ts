import type { Check } from './check.ts';

const leastNode = [22, 13] as const;

/** The versions of this program and of what runs it. */
export function checkVersions(version: string, node = process.versions.node): readonly Check[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  const detail = isEnough ? `v${node}` : `v${node}, but ${leastNode.join('.')} or later is needed`;
  return [
    { area: 'versions', name: 'modelmux', status: 'note', detail: version },
    { area: 'versions', name: 'Node', status: isEnough ? 'ok' : 'failed', detail },
    { area: 'versions', name: 'system', status: 'note', detail: `${process.platform} ${process.arch}` },
  ];
}

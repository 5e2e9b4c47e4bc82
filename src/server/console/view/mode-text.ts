const modes: Readonly<Record<string, string>> = {
  fallback: 'Fallback',
  loadbalance: 'Load balance',
  conditional: 'Condition',
  single: 'Single',
  'model groups': 'Model groups',
  config: 'Config',
};

/** What a node does, in words. */
export function modeText(mode: string): string {
  return modes[mode] ?? mode;
}

import type ts from 'typescript';
import { code, generated, table } from './markdown.ts';
import { type Member, membersOf } from './type-members.ts';

const file = 'config/client-options.ts';

/** `docs/options.md`: options of `new Portkey(…)` and of a call, as their types say them. */
export function optionsPage(program: ts.Program): string {
  const ofCall = membersOf(program, file, 'CallOptions');
  const names = new Set(ofCall.map(({ name }) => name));
  const ofClient = membersOf(program, file, 'PortkeyOptions').filter(({ name }) => !names.has(name));
  const plain = ofCall.filter(({ doc }) => doc === '').map(({ name }) => code(name));
  const parts = [
    generated,
    intro,
    '## Of a call, and of the client for all its calls',
    tableOf(ofCall),
    `As in \`portkey-ai\`: ${plain.join(', ')}.`,
    '## Of the client only',
    tableOf(ofClient),
  ];
  return `${parts.join('\n\n')}\n`;
}

function tableOf(members: readonly Member[]): string {
  const rows = members.filter(({ doc }) => doc !== '').map(({ name, doc }) => [code(name), doc]);
  return table(['Option', 'Meaning'], rows);
}

const intro = `# Options

\`new Portkey(options)\`, and \`portkey.chat.completions.create(body, options)\` for a single call; the call's own win. An option that nobody knows is a \`ConfigError\` with a
suggestion.`;

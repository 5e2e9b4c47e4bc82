import { run } from '../../src/cli/main.ts';
import { generated } from './markdown.ts';

/** `docs/cli.md`: what `modelmux --help` and the help of every command say. */
export async function cliPage(): Promise<string> {
  const commands = await commandsOf([]);
  const own = await Promise.all(commands.map((name) => section([name])));
  const ofVault = (await commandsOf(['vault'])).map((name) => section(['vault', name]));
  const sections = [await section([]), ...own, ...(await Promise.all(ofVault))];
  return `${[generated, '# The `modelmux` command', intro, ...sections].join('\n\n')}\n`;
}

const intro =
  'Exit code: 0 when it did what was asked, 1 when it could not, 2 when it was asked wrongly. `--json`, where a command has it, is for scripts.';

async function section(command: readonly string[]): Promise<string> {
  const text = await helpOf(command);
  const title = ['modelmux', ...command].join(' ');
  return `## \`${title}\`\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

/** The commands below one, in the order of its help. */
async function commandsOf(command: readonly string[]): Promise<readonly string[]> {
  const [, list = ''] = (await helpOf(command)).split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name ?? '');
  return names.filter((name) => name !== 'help');
}

async function helpOf(command: readonly string[]): Promise<string> {
  let out = '';
  await run([...command, '--help'], {
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    env: {},
    isTty: false,
    signal: new AbortController().signal,
    readInput: async () => '',
  });
  return out;
}

/** Says in which line, from 1, the value at a path begins; for a path that is not there, what is nearest above it. */
export type LineOf = (path: string) => number;

interface Level {
  readonly path: string;
  readonly isObject: boolean;
  /** The key, or the index, of the member that comes next. */
  member: string | number;
  isKeyNext: boolean;
}

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\],:"]+|[{}[\],:]/g;

/** The lines of all values of JSON text that has no mistake. Paths are those of config errors: `$.targets[1].weight`. */
export function jsonLines(text: string): LineOf {
  const lines = new Map<string, number>();
  const levels: Level[] = [];
  let line = 1;
  let end = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    line += text.slice(end, index).split('\n').length - 1;
    end = index;
    const path = step(token, levels);
    if (path !== undefined) lines.set(fold(path), line);
  }
  return (path) => lineAt(fold(path), lines);
}

/** Takes one token in; gives the path of the value that begins with it, if one does. */
function step(token: string, levels: Level[]): string | undefined {
  const level = levels.at(-1);
  if (token === '}' || token === ']') levels.pop();
  else if (token === ',') next(level);
  else if (token !== ':') {
    if (level?.isKeyNext !== true) return begin(token, level, levels);
    level.member = String(JSON.parse(token));
    level.isKeyNext = false;
  }
  return undefined;
}

function begin(token: string, level: Level | undefined, levels: Level[]): string {
  const path = level === undefined ? '$' : `${level.path}${level.isObject ? `.${level.member}` : `[${level.member}]`}`;
  if (token === '{') levels.push({ path, isObject: true, member: '', isKeyNext: true });
  if (token === '[') levels.push({ path, isObject: false, member: 0, isKeyNext: false });
  return path;
}

function next(level: Level | undefined): void {
  if (level === undefined) return;
  if (level.isObject) level.isKeyNext = true;
  else level.member = Number(level.member) + 1;
}

/** Keys have several spellings, and so have places of members: `model_groups["a"]`. */
function fold(path: string): string {
  return path
    .replaceAll(/\["([^"]*)"\]/g, '.$1')
    .replaceAll('_', '')
    .toLowerCase();
}

function lineAt(path: string, lines: ReadonlyMap<string, number>): number {
  for (let place = path; place !== ''; place = place.replace(/(?:\.[^.[\]]*|\[[^\]]*\]|^[^.[]*)$/, '')) {
    const line = lines.get(place);
    if (line !== undefined) return line;
  }
  return 1;
}

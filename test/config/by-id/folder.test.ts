import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderConfigs, type FolderConfigsOptions, openConfigFolder } from '../../../src/config/by-id/folder.ts';
import { ConfigError, ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { type EventLog, eventLog } from '../../vault/event-log.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

let folder: string;
let clock: ManualClock;
let events: EventLog;
let opened: FolderConfigs[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-configs-'));
  clock = manualClock();
  events = eventLog();
  opened = [];
});
afterEach(async () => {
  for (const source of opened) source.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
/** Only polled, by a clock that stands still: nothing happens unless a test asks for it. */
async function open(options?: Partial<FolderConfigsOptions>): Promise<FolderConfigs> {
  const source = await openConfigFolder({ path: folder, clock, events, watch: false, ...options });
  opened.push(source);
  return source;
}
const configOf = async (source: FolderConfigs, id: string) => (await source.get(id))?.config;
const warnings = () => events.warnings.map((warning) => warning.message);
const nextChange = (source: FolderConfigs) => new Promise<string>((resolve) => source.subscribe(resolve));
const one = { override_params: { model: 'one' } };
const two = { override_params: { model: 'two' } };

describe('a config folder', () => {
  it.each<[string, string, unknown, unknown]>([
    ['JSON, by the name of the file', 'pc-main.json', one, one],
    ['YAML', 'pc-main.yaml', 'override_params:\n  model: one\n', one],
    ['YAML with the short extension', 'pc-main.yml', 'override_params: {model: one}', one],
    ['an extension in capitals', 'pc-main.JSON', one, one],
    ['a slug inside, which is no part of the config', 'prod.eu.json', { slug: 'pc-main', ...one }, one],
    ['an id inside, which stays', 'x.json', { id: 'pc-main', ...one }, { id: 'pc-main', ...one }],
    [
      "an export of Portkey's",
      'x.json',
      { id: '9f1c', slug: 'pc-main', name: 'Main', config: JSON.stringify(one), version_id: 'v1' },
      one,
    ],
  ])('reads %s', async (_, fileName, content, expected) => {
    await write(fileName, content);
    const source = await open();
    expect(source.ids()).toEqual(['pc-main']);
    expect(await configOf(source, 'pc-main')).toEqual(expected);
    expect(warnings()).toEqual([]);
  });

  it('takes all of a name but its extension for the ID', async () => {
    await write('prod.eu.json', one);
    expect((await open()).ids()).toEqual(['prod.eu']);
  });

  it('keeps the name of an export, and a version that follows the content', async () => {
    await write('x.json', { slug: 'pc-main', name: 'Main', config: one });
    const source = await open();
    const before = await source.get('pc-main');
    expect(before).toEqual({ config: one, name: 'Main', version: expect.stringMatching(/^[\w-]{22}$/) });
    await write('x.json', { slug: 'pc-main', name: 'Main', config: two });
    await source.refresh();
    expect((await source.get('pc-main'))?.version).not.toBe(before?.version);
  });

  it('passes over other files, hidden ones and folders', async () => {
    await mkdir(join(folder, 'folder.json'));
    for (const name of ['README.md', '.hidden.json', 'a.json~', 'a.json.swp', 'json']) await write(name, 'no config');
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling.json'));
    const source = await open();
    expect([source.ids(), warnings()]).toEqual([[], []]);
    expect(await source.get('a')).toBeUndefined();
  });

  it('takes the first of two files with one ID, and warns', async () => {
    await write('b.yaml', 'slug: pc-main\noverride_params: {model: two}\n');
    await write('a.json', { slug: 'pc-main', ...one });
    const source = await open();
    expect(await configOf(source, 'pc-main')).toEqual(one);
    expect(warnings()).toEqual(['Config files a.json and b.yaml have the same ID "pc-main". a.json counts.']);
  });

  it('cannot be left by an ID', async () => {
    await mkdir(join(folder, 'inner'));
    await write('secret.json', one);
    const source = await open({ path: join(folder, 'inner') });
    for (const id of ['../secret', '..\\secret', '..', '/etc/passwd', 'a\u0000']) {
      expect(await failure(() => source.get(id))).toBeInstanceOf(ConfigNotFoundError);
    }
  });

  it('must be there when it is opened', async () => {
    const error = await failure(() => open({ path: join(folder, 'none') }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toBe(
      `Invalid config folder:\n  path: ${join(folder, 'none')} cannot be read as a folder: ENOENT`,
    );
  });
});

describe('a config file that cannot be used', () => {
  const refused = new ConfigError([{ path: '$.targets[0].provider', message: 'Unknown provider "opnai"' }]);
  const validate = (config: unknown) => {
    if ('bad' in (config as object)) throw refused;
  };

  it.each<[string, string, unknown, string]>([
    [
      'a syntax error',
      'pc-main.json',
      `{"api_key": "${canary}"`,
      'is not valid JSON: line 1, column 37: unexpected token',
    ],
    ['a key twice', 'pc-main.json', '{"a": 1, "a": 2}', 'is not valid JSON: line 1, column 10: duplicate key'],
    ['a list', 'pc-main.json', [canary], 'is a list, not a config object'],
    ['nothing in it', 'pc-main.json', '', 'is not valid JSON: line 1, column 1: unexpected token'],
    [
      'a refused config',
      'pc-main.json',
      { bad: canary },
      'cannot work: $.targets[0].provider: Unknown provider "opnai"',
    ],
    ['a slug that is no string', 'pc-main.json', { slug: 5 }, 'has a member "slug" that is no string'],
    ['a slug that is a path', 'pc-main.json', { slug: '../a' }, 'has an ID that contains a path separator'],
    ['more than 1 MiB', 'pc-main.json', `"${'x'.repeat(2 ** 20)}"`, 'is larger than 1 MiB'],
  ])('is named with its problem: %s', async (_, fileName, content, problem) => {
    await write(fileName, content);
    await write('pc-good.json', one);
    const source = await open({ validate });
    expect(warnings()).toEqual([`Config file ${fileName} ${problem}.`]);
    const error = await failure(() => source.get('pc-main'));
    expect(error).toBeInstanceOf(ConfigNotFoundError);
    expect(error.message).toBe(`Config "pc-main" cannot be used: config file ${fileName} ${problem}.`);
    expect(source.ids()).toEqual(['pc-good']);
    expectNoCanary([error, events.warnings]);
  });

  it.each<[string, unknown, string]>([
    ['a syntax error', `override_params: "${canary}" x`, 'is not valid YAML: line 1, column 43: unexpected token'],
    ['a refused config', 'bad: true', 'cannot work: $.targets[0].provider: Unknown provider "opnai"'],
  ])('leaves its last good version in use, and warns once: %s', async (_, content, problem) => {
    await write('pc-main.yaml', 'override_params: {model: one}');
    const source = await open({ validate: async (config) => validate(config) });
    const heard: string[] = [];
    source.subscribe((id) => heard.push(id));
    const before = await source.get('pc-main');
    await write('pc-main.yaml', content);
    for (let scan = 0; scan < 3; scan += 1) await source.refresh();
    expect(await source.get('pc-main')).toBe(before);
    expect(warnings()).toEqual([`Config file pc-main.yaml ${problem}. The last good version is kept.`]);
    expect(heard).toEqual([]);
    expectNoCanary(events.warnings);
    await write('pc-main.yaml', 'override_params: {model: two}');
    await source.refresh();
    expect(await configOf(source, 'pc-main')).toEqual(two);
    expect(heard).toEqual(['pc-main']);
    await write('pc-main.yaml', content);
    await source.refresh();
    expect(warnings()).toHaveLength(2);
  });

  it('says no more of an error of the check itself than its class', async () => {
    await write('pc-main.json', one);
    await open({
      validate() {
        throw new TypeError(canary);
      },
    });
    expect(warnings()).toEqual(['Config file pc-main.json cannot work: TypeError.']);
  });

  it('may be one that the system does not open, until it does', async () => {
    const path = join(folder, 'pc-main.json');
    await symlink(path, path);
    const source = await open();
    expect(warnings()).toEqual(['Config file pc-main.json cannot be read: ELOOP.']);
    await rm(path);
    await write('pc-main.json', one);
    await source.refresh();
    expect(await configOf(source, 'pc-main')).toEqual(one);
  });
});

describe('a change in a config folder', () => {
  it('is told to listeners: changed, new, gone', async () => {
    await write('a.json', one);
    await write('b.json', one);
    const source = await open();
    const heard: string[] = [];
    const unsubscribe = source.subscribe((id) => heard.push(id));
    await write('a.json', two);
    await write('c.json', one);
    await source.refresh();
    expect(heard.sort()).toEqual(['a', 'c']);
    heard.length = 0;
    await rm(join(folder, 'b.json'));
    await source.refresh();
    await source.refresh();
    expect(heard).toEqual(['b']);
    expect(await source.get('b')).toBeUndefined();
    unsubscribe();
    await write('a.json', one);
    await source.refresh();
    expect(heard).toEqual(['b']);
  });

  it('is already there for a listener that asks', async () => {
    await write('a.json', one);
    const source = await open();
    const seen: Promise<unknown>[] = [];
    source.subscribe((id) => seen.push(configOf(source, id)));
    await write('a.json', two);
    await source.refresh();
    expect(await Promise.all(seen)).toEqual([two]);
  });

  it('is not one when a file is touched or written anew with the same content', async () => {
    await write('a.json', one);
    const source = await open();
    const heard: string[] = [];
    source.subscribe((id) => heard.push(id));
    await utimes(join(folder, 'a.json'), 1, 1);
    await source.refresh();
    await write('a.json', one);
    await source.refresh();
    expect(heard).toEqual([]);
  });

  it('may come from an editor that writes beside the file and renames over it', async () => {
    await write('a.json', one);
    const source = await open();
    await write('.a.json.tmp', two);
    await rename(join(folder, '.a.json.tmp'), join(folder, 'a.json'));
    await source.refresh();
    expect(await configOf(source, 'a')).toEqual(two);
  });

  it('may leave a moment without the file, in which its config stays', async () => {
    await write('a.json', one);
    const source = await open();
    const heard: string[] = [];
    source.subscribe((id) => heard.push(id));
    await rename(join(folder, 'a.json'), join(folder, 'a.json~'));
    await source.refresh();
    expect(await configOf(source, 'a')).toEqual(one);
    await write('a.json', two);
    await source.refresh();
    await source.refresh();
    expect(await configOf(source, 'a')).toEqual(two);
    expect(heard).toEqual(['a']);
  });

  it('may replace a mounted folder behind links at once', async () => {
    for (const [version, content] of Object.entries({ v1: one, v2: two })) {
      await mkdir(join(folder, version));
      await write(`${version}/a.json`, content);
    }
    await symlink('v1', join(folder, '..data'));
    await symlink(join('..data', 'a.json'), join(folder, 'a.json'));
    const source = await open();
    expect(await configOf(source, 'a')).toEqual(one);
    await symlink('v2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await source.refresh();
    expect(await configOf(source, 'a')).toEqual(two);
  });

  it('may give a file another ID', async () => {
    await write('x.json', { slug: 'old', ...one });
    const source = await open();
    const heard: string[] = [];
    source.subscribe((id) => heard.push(id));
    await write('x.json', { slug: 'new', ...one });
    await source.refresh();
    expect([source.ids(), heard.sort()]).toEqual([['new'], ['new', 'old']]);
  });

  it('does not lose the configs when the whole folder goes, and warns once', async () => {
    await write('a.json', one);
    const source = await open();
    await rename(folder, `${folder}-away`);
    for (let scan = 0; scan < 3; scan += 1) await source.refresh();
    expect(await configOf(source, 'a')).toEqual(one);
    expect(warnings()).toEqual([`Config folder ${folder} cannot be read: ENOENT. The last good configs are kept.`]);
    await rename(`${folder}-away`, folder);
    await write('a.json', two);
    await source.refresh();
    expect(await configOf(source, 'a')).toEqual(two);
  });

  it('is found by polling', async () => {
    await write('a.json', one);
    const source = await open({ pollMs: 500 });
    for (const [config, id] of [
      [two, 'a'],
      [one, 'a'],
    ] as const) {
      await write('a.json', config);
      const changed = nextChange(source);
      clock.advance(499);
      expect(await configOf(source, 'a')).not.toEqual(config);
      clock.advance(1);
      expect(await changed).toBe(id);
      expect(await configOf(source, 'a')).toEqual(config);
      // The next poll is set when this one is over.
      while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('is looked for again soon when a file has gone', async () => {
    await write('a.json', one);
    const source = await open({ pollMs: 60_000 });
    await rm(join(folder, 'a.json'));
    await source.refresh();
    const changed = nextChange(source);
    clock.advance(50);
    expect(await changed).toBe('a');
    expect(source.ids()).toEqual([]);
  });

  it('is found by watching, long before the next poll', async () => {
    await write('a.json', one);
    const source = await openConfigFolder({ path: folder, events, pollMs: 3_600_000 });
    opened.push(source);
    const changed = nextChange(source);
    await write('a.json', two);
    expect(await changed).toBe('a');
    expect(await configOf(source, 'a')).toEqual(two);
  });

  it('is no longer looked for when the source is closed', async () => {
    await write('a.json', one);
    const source = await open();
    source.close();
    source.close();
    expect(clock.pending).toBe(0);
    expect(await configOf(source, 'a')).toEqual(one);
  });
});

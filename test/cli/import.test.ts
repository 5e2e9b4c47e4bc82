import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesOf, finished } from './cli.ts';

const file = filesOf();

const litellm = `model_list:
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-eu
      api_base: os.environ/AZURE_EU_BASE
      api_key: os.environ/AZURE_EU_KEY
      rpm: 6
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: openai/gpt-3.5-turbo
      api_key: os.environ/OPENAI_API_KEY
      rpm: 1440
  - model_name: gpt-4
    litellm_params: { model: gpt-4, api_key: sk-in-file }
litellm_settings:
  fallbacks: [{ gpt-3.5-turbo: [gpt-4] }]
  success_callback: [langfuse]
`;

const javelin = JSON.stringify({
  routes: ['eng', 'ops'].map((name) => ({
    name,
    type: 'chat',
    models: [{ model: { name: 'gpt-4o', provider: 'openai', suffix: '/v1/chat/completions', weight: 100 } }],
  })),
});

describe('import', () => {
  it('turns a LiteLLM document into a config, which is valid', async () => {
    const path = await file('litellm.yaml', litellm);
    const { code, out, err } = await finished(['import', path], {
      env: { AZURE_EU_BASE: 'https://eu.openai.azure.com', AZURE_EU_KEY: 'top-secret', OPENAI_API_KEY: 'sk-own' },
    });
    expect(code).toBe(0);
    const groups = parse(out).model_groups;
    expect(groups['gpt-3.5-turbo'].targets).toMatchObject([
      {
        virtual_key: 'azure-eu-key',
        azure_resource_name: 'eu',
        override_params: { model: 'gpt-turbo-small-eu' },
      },
      { provider: 'openai', override_params: { model: 'gpt-3.5-turbo' } },
    ]);
    expect(groups['gpt-4'].targets[0]).toMatchObject({ provider: 'openai', api_key: 'sk-in-file' });
    expect(out + err).not.toMatch(/top-secret|sk-own/);
    expect(err).toContain(`${path}:17:3 $.litellm_settings.success_callback `);
    expect(err).toContain(
      'Virtual key "azure-eu-key": set MODELMUX_VIRTUAL_KEY_AZURE_EU_KEY="azure-openai:$AZURE_EU_KEY"',
    );
    const again = await finished(['validate', '-'], { input: out });
    expect([again.code, again.out]).toEqual([0, 'standard input: valid, 2 model groups over 3 targets\n']);
  });

  it('says which values are missing, and reads them all the same', async () => {
    const { code, out, err } = await finished(['import', await file('litellm.yaml', litellm)]);
    expect(code).toBe(0);
    expect(parse(out).model_groups['gpt-3.5-turbo'].targets[0].custom_host).toBe('https://azure-eu-base.invalid');
    expect(err).toContain(
      '$.model_groups["gpt-3.5-turbo"].targets[0].custom_host Put a value in place of https://azure-eu-base.invalid',
    );
  });

  it('writes keys only when told to', async () => {
    const env = { AZURE_EU_BASE: 'https://eu.openai.azure.com', AZURE_EU_KEY: 'top-secret', OPENAI_API_KEY: 'sk-own' };
    const { out } = await finished(['import', await file('litellm.yaml', litellm), '--with-keys'], { env });
    expect(parse(out).model_groups['gpt-3.5-turbo'].targets[0].api_key).toBe('top-secret');
    const missing = await finished(['import', await file('litellm.yaml', litellm), '--with-keys']);
    expect([missing.code, missing.err]).toEqual([
      1,
      expect.stringMatching(/litellm\.yaml cannot be used:\n {2}5:7 .*AZURE_EU_BASE/),
    ]);
  });

  it('turns the legacy form of Portkey into what it stands for', async () => {
    const path = await file(
      'legacy.json',
      '{"mode":"fallback","options":[{"provider":"openai","apiKey":"k"},{"provider":"groq"}]}',
    );
    const { code, out, err } = await finished(['import', path, '--format', 'json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      strategy: { mode: 'fallback' },
      targets: [{ provider: 'openai', api_key: 'k' }, { provider: 'groq' }],
    });
  });

  it('writes each route of Javelin into a file of its own, or the one asked for', async () => {
    const path = await file('javelin.json', javelin);
    const folder = join(dirname(path), 'routes/');
    const several = await finished(['import', path]);
    expect([several.code, several.err]).toEqual([1, expect.stringContaining('There are several routes: eng, ops.')]);
    expect((await finished(['import', path, '--out', folder])).code).toBe(0);
    expect(await readdir(folder)).toEqual(['eng.yaml', 'ops.yaml']);
    expect((await finished(['validate', folder])).code).toBe(0);
    const { out } = await finished(['import', path, '--route', 'ops', '--format', 'json']);
    expect(JSON.stringify(JSON.parse(out))).toContain('"openai"');
    const none = await finished(['import', path, '--route', 'hr']);
    expect([none.code, none.err]).toEqual([1, 'There is no route "hr". Routes: eng, ops.\n']);
  });

  it('writes no file over another, and none for others to read', async () => {
    const path = await file('legacy.json', '{"mode":"single","options":[{"provider":"openai"}]}');
    const target = join(dirname(path), 'out.json');
    expect((await finished(['import', path, '-o', target])).code).toBe(0);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(target, 'utf8')).targets).toHaveLength(1);
    const second = await finished(['import', path, '-o', target]);
    expect([second.code, second.err]).toEqual([1, `${target} is there already. Give --force to write over it.\n`]);
    expect((await finished(['import', path, '-o', target, '--force'])).code).toBe(0);
  });

  it('tells all in one object with --json', async () => {
    const { out } = await finished(['import', await file('litellm.yaml', litellm), '--json']);
    const told = JSON.parse(out);
    expect(Object.keys(told)).toEqual(['config', 'virtualKeys', 'warnings']);
    expect(told.virtualKeys).toEqual([{ slug: 'azure-eu-key', provider: 'azure-openai', variable: 'AZURE_EU_KEY' }]);
    expect(told.warnings).toContainEqual(expect.objectContaining({ line: 17, column: 3 }));
  });

  it('says where a document is wrong', async () => {
    const path = await file('bad.yaml', 'model_list:\n  - model_name: a\n    litellm_params:\n      model: nobody/x\n');
    const { code, err } = await finished(['import', path]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/cannot be used:\n {2}4:7 \$\.model_list\[0\]\.litellm_params\.model: /),
    ]);
    const own = await finished(['import', await file('own.yaml', 'provider: openai')]);
    expect([own.code, own.err]).toEqual([1, expect.stringContaining('Say whose document it is with --from')]);
    expect((await finished(['import', path, '--from', 'litelm'])).code).toBe(2);
  });
});

describe('other commands', () => {
  it('take such documents as they are', async () => {
    const path = await file('litellm.yaml', litellm);
    const validated = await finished(['validate', path, await file('javelin.json', javelin), '--json']);
    expect(validated.code).toBe(0);
    expect(JSON.parse(validated.out).files).toMatchObject([
      { kind: 'litellm', valid: true, warnings: [{ path: '$.litellm_settings.success_callback', line: 17 }] },
      { kind: 'javelin', valid: true },
    ]);
    const explained = await finished(['explain', path, '-r', '{"model":"gpt-3.5-turbo"}', '--json']);
    expect(
      JSON.parse(explained.out).order.map(({ turn, model, when }: Record<string, unknown>) => [turn, model, when]),
    ).toEqual([
      [1, 'gpt-3.5-turbo', expect.stringMatching(/^99\.6 % of requests \(rpm 1440\), or after a sibling fails/)],
      [1, 'gpt-turbo-small-eu', expect.stringMatching(/^0\.4 % of requests \(rpm 6\), or after a sibling fails/)],
      [2, 'gpt-4', 'when "gpt-3.5-turbo" fails'],
    ]);
    const loaded = await finished(['load', path, '--simulate', '-n', '20', '-m', 'gpt-3.5-turbo', '--json']);
    expect(JSON.parse(loaded.out)).toMatchObject({ ok: 20, failed: 0 });
  });

  it('say when a document holds several routes', async () => {
    const { code, err } = await finished(['explain', await file('javelin.json', javelin)]);
    expect([code, err]).toEqual([1, expect.stringContaining('holds several routes: eng, ops')]);
  });
});

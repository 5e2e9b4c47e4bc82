import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingName, toSettings } from '../../src/core/settings.ts';

describe('settingName', () => {
  it.each([
    ['resource_name', 'azure', 'resourceName'],
    ['azure_resource_name', 'azure', 'resourceName'],
    ['azureResourceName', 'azure', 'resourceName'],
    ['resourceName', 'azure', 'resourceName'],
    ['aws_secret_access_key', 'aws', 'secretAccessKey'],
    ['aws_s3_bucket', 'aws', 's3Bucket'],
    ['vertex_service_account_json', 'vertex', 'serviceAccountJson'],
    ['openai_organization', 'openai', 'organization'],
    ['workers_ai_account_id', 'workers_ai', 'accountId'],
    ['azure_resource_name', undefined, 'azureResourceName'],
    ['aws_region', 'azure', 'awsRegion'],
    ['azure', 'azure', 'azure'],
    ['azurelike', 'azure', 'azurelike'],
    ['a_b_c', undefined, 'aBC'],
    ['_hidden', undefined, '_hidden'],
    ['x__y', undefined, 'x__y'],
  ])('%s with prefix %s is %s', (field, prefix, name) => {
    expect(settingName(field, prefix)).toBe(name);
  });
});

describe('toSettings', () => {
  it('keeps a deployments list and every nested name as written', () => {
    const deployments = [{ deployment_id: 'd1', alias: 'gpt-4o', api_version: 'v1', is_default: true }];
    const { settings, collisions } = toSettings({ azure_resource_name: 'eu', deployments }, 'azure');
    expect(settings).toEqual({ resourceName: 'eu', deployments });
    expect(settings['deployments']).toBe(deployments);
    expect(collisions).toEqual([]);
  });

  it('reports a field given in several spellings and takes neither', () => {
    const fields = { resource_name: 'a', region: 'eu', azureResourceName: 'b', azure_resource_name: 'a' };
    expect(toSettings(fields, 'azure')).toEqual({
      settings: { region: 'eu' },
      collisions: [{ name: 'resourceName', spellings: ['resource_name', 'azureResourceName', 'azure_resource_name'] }],
    });
  });

  it('counts an undefined field as absent', () => {
    expect(toSettings({ resource_name: undefined, resourceName: 'eu' })).toEqual({
      settings: { resourceName: 'eu' },
      collisions: [],
    });
  });

  it('takes a field called __proto__ for a field', () => {
    const { settings } = toSettings(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.getPrototypeOf(settings)).toBe(Object.prototype);
    expect(Object.hasOwn(settings, '__proto__')).toBe(true);
  });

  it('loses no field: each is a setting or named in a collision', () => {
    const name = fc.stringMatching(/^(azure_|azure)?[a-z]{1,3}(_[a-z]|[A-Z])?[a-z]{0,2}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.integer()), (fields) => {
        const { settings, collisions } = toSettings(fields, 'azure');
        const collided = collisions.flatMap((collision) => collision.spellings);
        const kept = Object.keys(fields).filter((field) => settings[settingName(field, 'azure')] === fields[field]);
        expect(new Set([...collided, ...kept])).toEqual(new Set(Object.keys(fields)));
        expect(Object.keys(settings).length + collided.length).toBe(Object.keys(fields).length);
      }),
    );
  });
});

import { TranslationError } from '../../core/errors/reply-errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { openAiCompatible } from './compatible.ts';
import { textSetting } from './settings.ts';

/**
 * Predibase. The model `deployment:adapter/version` goes into the path and, its adapter, into the body; the tenant is the setting
 * `tenantId` or, as in Portkey, the parameter `user`. Source: Predibase docs, "Migrate from OpenAI".
 */
export const predibase = openAiCompatible({
  name: 'predibase',
  title: 'Predibase',
  baseUrl: 'https://serving.app.predibase.com',
  address(wire, { model, settings }) {
    const body = isJsonObject(wire.body) ? wire.body : {};
    const tenant = textSetting(settings, 'tenantId') ?? textSetting(body, 'user');
    if (tenant === undefined) {
      throw new TranslationError('tenant_id', 'Predibase needs tenant_id on the target, or PREDIBASE_TENANT_ID.');
    }
    const [deployment = '', adapter = ''] = model.split(/:(.*)/s);
    const path = `/${encodeURIComponent(tenant)}/deployments/v2/llms/${encodeURIComponent(deployment)}/v1${wire.path}`;
    return { ...wire, path, ...(wire.body === undefined ? {} : { body: { ...body, model: adapter } }) };
  },
  env: ['PREDIBASE_API_TOKEN', 'PREDIBASE_API_KEY'],
  envSettings: { tenantId: ['PREDIBASE_TENANT_ID'] },
  endpoints: ['chat/completions', 'completions'],
  fieldPrefix: 'predibase',
});

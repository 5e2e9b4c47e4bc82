/**
 * The routing tree as a provider of the Vercel AI SDK.
 *
 * @module modelmux/ai-sdk
 */

export type { ModelmuxCallOptions } from './call-settings.ts';
export { createModelmux, type ModelmuxProvider } from './create-modelmux.ts';

export type { ModelmuxCallOptions } from './call-settings.ts';
export { createModelmux, type ModelmuxProvider } from './create-modelmux.ts';

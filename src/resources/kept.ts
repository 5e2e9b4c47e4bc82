// One file to load for all that a client keeps beside its calls: several small ones would cut what they share into smaller pieces still.
export { memoryJobs } from '../stores/jobs/memory-jobs.ts';
export { localConfigs } from './configs.ts';
export { gatewayFeedback, localFeedback } from './feedback.ts';
export { gatewayConfigs } from './gateway-configs.ts';
export { jobs } from './jobs.ts';
export { gatewayLogs, localLogs } from './logs.ts';
export { gatewayPrompts } from './prompts/gateway-prompts.ts';
export { promptBook } from './prompts/prompt-book.ts';
export { localPrompts } from './prompts/prompts.ts';
export { gatewayVirtualKeys, localVirtualKeys } from './virtual-keys.ts';

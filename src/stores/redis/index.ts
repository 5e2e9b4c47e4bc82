/**
 * Limits, budgets, cooldowns, caches and jobs shared through Redis.
 *
 * @module modelmux/redis
 */

export type { IoredisClient, NodeRedisClient, RedisClient } from './commands.ts';
export type { RedisSource } from './connect.ts';
export type { BullConnection } from './jobs/bull-connection.ts';
export { bullJobs } from './jobs/bull-jobs.ts';
export type { BullJobsOptions } from './jobs/bull-settings.ts';
export { type RedisOptions, type RedisShared, redis } from './redis.ts';
export { type RedisDocuments, type RedisDocumentsOptions, redisDocuments } from './redis-documents.ts';
export { type RedisStore, type RedisStoreOptions, redisStore } from './redis-store.ts';

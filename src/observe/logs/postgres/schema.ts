import { cacheUpdate } from '../mark-bits.ts';

/** The schema of our tables: nobody else's tables are touched. */
export const schemaName = 'modelmux';

/** A table of ours, as statements name it. */
export function table(name: string): string {
  return `${schemaName}.${name}`;
}

/**
 * Steps from an empty schema to the tables of today, oldest first; never changed once released, only added to. The same tables as in
 * SQLite: see there for what they hold.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE modelmux.log (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    started_at DOUBLE PRECISION NOT NULL,
    trace_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    provider TEXT,
    model TEXT,
    virtual_key TEXT,
    config_id TEXT,
    endpoint TEXT NOT NULL,
    marks INTEGER NOT NULL,
    metadata TEXT,
    record TEXT NOT NULL
  );
  CREATE TABLE modelmux.log_body (
    seq BIGINT PRIMARY KEY REFERENCES modelmux.log ON DELETE CASCADE,
    request TEXT,
    response TEXT
  );
  CREATE TABLE modelmux.log_metadata (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    started_at DOUBLE PRECISION NOT NULL,
    seq BIGINT NOT NULL REFERENCES modelmux.log ON DELETE CASCADE
  );
  CREATE TABLE modelmux.log_feedback (
    id TEXT PRIMARY KEY,
    trace_id TEXT NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    feedback TEXT NOT NULL
  );
  CREATE INDEX log_started_at ON modelmux.log (started_at DESC, id DESC);
  CREATE INDEX log_trace_id ON modelmux.log (trace_id, started_at);
  CREATE INDEX log_status ON modelmux.log (status, started_at);
  CREATE INDEX log_provider ON modelmux.log (provider, started_at);
  CREATE INDEX log_model ON modelmux.log (model, started_at);
  CREATE INDEX log_virtual_key ON modelmux.log (virtual_key, started_at) WHERE virtual_key IS NOT NULL;
  CREATE INDEX log_config_id ON modelmux.log (config_id, started_at) WHERE config_id IS NOT NULL;
  CREATE INDEX log_endpoint ON modelmux.log (endpoint, started_at);
  CREATE INDEX log_cache ON modelmux.log (started_at) WHERE (marks & 1) <> 0;
  CREATE INDEX log_retry ON modelmux.log (started_at) WHERE (marks & 2) <> 0;
  CREATE INDEX log_fallback ON modelmux.log (started_at) WHERE (marks & 4) <> 0;
  CREATE INDEX log_unsuccessful ON modelmux.log (outcome, started_at) WHERE outcome <> 'success';
  CREATE INDEX log_metadata_value ON modelmux.log_metadata (key, value, started_at);
  CREATE INDEX log_metadata_seq ON modelmux.log_metadata (seq);
  CREATE INDEX log_feedback_trace ON modelmux.log_feedback (trace_id, created_at);
  `,
  `
  ALTER TABLE modelmux.log
    ADD COLUMN duration_ms DOUBLE PRECISION,
    ADD COLUMN prompt_tokens DOUBLE PRECISION,
    ADD COLUMN completion_tokens DOUBLE PRECISION,
    ADD COLUMN cost_micro_usd DOUBLE PRECISION;
  UPDATE modelmux.log SET
    duration_ms = (record::json #>> '{durationMs}')::double precision,
    prompt_tokens = (record::json #>> '{usage,promptTokens}')::double precision,
    completion_tokens = (record::json #>> '{usage,completionTokens}')::double precision,
    cost_micro_usd = (record::json #>> '{cost,microUsd}')::double precision;
  CREATE INDEX log_figures ON modelmux.log (started_at) INCLUDE (
    outcome, status, marks, duration_ms, prompt_tokens, completion_tokens, cost_micro_usd
  );
  `,
  cacheUpdate(table('log'), "record::json ->> 'cache'"),
];

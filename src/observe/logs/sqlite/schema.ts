import { cacheUpdate } from '../mark-bits.ts';

/**
 * Steps from an empty file to the tables of today, oldest first; never changed once released, only added to. `user_version` counts
 * the steps a file has taken.
 *
 * Times are milliseconds since the epoch. What can be looked for has a column; the rest of a record is JSON. Bodies stand apart, so that
 * lists need not read them. Metadata is indexed by a table of its own, which a trigger keeps free of what is gone.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    started_at REAL NOT NULL,
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
  ) STRICT;
  CREATE TABLE log_body (seq INTEGER PRIMARY KEY, request TEXT, response TEXT) STRICT;
  CREATE TABLE log_metadata (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    started_at REAL NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, value, started_at, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE log_feedback (
    id TEXT PRIMARY KEY,
    trace_id TEXT NOT NULL,
    created_at REAL NOT NULL,
    feedback TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX log_started_at ON log (started_at);
  CREATE INDEX log_trace_id ON log (trace_id, started_at);
  CREATE INDEX log_status ON log (status, started_at);
  CREATE INDEX log_provider ON log (provider, started_at);
  CREATE INDEX log_model ON log (model, started_at);
  CREATE INDEX log_virtual_key ON log (virtual_key, started_at) WHERE virtual_key IS NOT NULL;
  CREATE INDEX log_config_id ON log (config_id, started_at) WHERE config_id IS NOT NULL;
  CREATE INDEX log_endpoint ON log (endpoint, started_at);
  CREATE INDEX log_cache ON log (started_at) WHERE (marks & 1) <> 0;
  CREATE INDEX log_retry ON log (started_at) WHERE (marks & 2) <> 0;
  CREATE INDEX log_fallback ON log (started_at) WHERE (marks & 4) <> 0;
  CREATE INDEX log_unsuccessful ON log (outcome, started_at) WHERE outcome <> 'success';
  CREATE INDEX log_feedback_trace ON log_feedback (trace_id, created_at);
  CREATE TRIGGER log_deleted AFTER DELETE ON log BEGIN
    DELETE FROM log_body WHERE seq = old.seq;
    DELETE FROM log_metadata WHERE (key, value, started_at, seq) IN (
      SELECT each.key, each.value, old.started_at, old.seq FROM json_each(coalesce(old.metadata, '{}')) AS each
    );
  END;
  `,
  // What is summed up, without reading records: the index holds all that sums need.
  `
  ALTER TABLE log ADD COLUMN duration_ms REAL;
  ALTER TABLE log ADD COLUMN prompt_tokens REAL;
  ALTER TABLE log ADD COLUMN completion_tokens REAL;
  ALTER TABLE log ADD COLUMN cost_micro_usd REAL;
  UPDATE log SET
    duration_ms = json_extract(record, '$.durationMs'),
    prompt_tokens = json_extract(record, '$.usage.promptTokens'),
    completion_tokens = json_extract(record, '$.usage.completionTokens'),
    cost_micro_usd = json_extract(record, '$.cost.microUsd');
  CREATE INDEX log_figures ON log (
    started_at, outcome, status, marks, provider, model, virtual_key, config_id, endpoint,
    duration_ms, prompt_tokens, completion_tokens, cost_micro_usd
  );
  `,
  cacheUpdate('log', "json_extract(record, '$.cache')"),
  // Sums of whole hours, made when they are asked for first. Whoever changes an hour throws them away.
  `
  CREATE TABLE log_hour (by TEXT NOT NULL, hour INTEGER NOT NULL, sums TEXT NOT NULL, PRIMARY KEY (by, hour)) STRICT;
  CREATE INDEX log_hour_hour ON log_hour (hour);
  `,
];

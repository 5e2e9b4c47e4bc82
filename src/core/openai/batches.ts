import type { Metadata } from './chat-request.ts';
import type { ExpiresAfter } from './files.ts';
import type { CursorPage, CursorPageParams } from './pages.ts';

/** Body of `POST /batches` (OpenAI API reference, Create batch). */
export interface BatchCreateParams {
  completion_window: '24h';
  endpoint:
    | '/v1/responses'
    | '/v1/chat/completions'
    | '/v1/embeddings'
    | '/v1/completions'
    | '/v1/moderations'
    | '/v1/images/generations'
    | '/v1/images/edits'
    | '/v1/videos';
  /** A file of requests, one JSON object a line, uploaded with purpose `batch`. */
  input_file_id: string;
  metadata?: Metadata | null | undefined;
  output_expires_after?: ExpiresAfter | undefined;
}

/** Query of `GET /batches`. */
export interface BatchListParams extends CursorPageParams {}

/** A page of `GET /batches`. */
export type BatchesPage = CursorPage<Batch>;

/** Many requests run later, together. All times are seconds since the epoch. */
export interface Batch {
  id: string;
  object: 'batch';
  endpoint: string;
  input_file_id: string;
  completion_window: string;
  created_at: number;
  status: 'validating' | 'failed' | 'in_progress' | 'finalizing' | 'completed' | 'expired' | 'cancelling' | 'cancelled';
  cancelled_at?: number;
  cancelling_at?: number;
  completed_at?: number;
  expired_at?: number;
  expires_at?: number;
  failed_at?: number;
  finalizing_at?: number;
  in_progress_at?: number;
  output_file_id?: string;
  error_file_id?: string;
  errors?: { data?: BatchError[]; object?: string };
  metadata?: Metadata | null;
  model?: string;
  request_counts?: BatchRequestCounts;
  usage?: BatchUsage;
}

/** Why a line of the input was refused. */
export interface BatchError {
  code?: string;
  line?: number | null;
  message?: string;
  param?: string | null;
}

/** Requests of a batch by outcome. */
export interface BatchRequestCounts {
  completed: number;
  failed: number;
  total: number;
}

/** Tokens of a whole batch. */
export interface BatchUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

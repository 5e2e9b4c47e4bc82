import type { CursorPage, CursorPageParams } from './pages.ts';
import type { Uploadable } from './uploads.ts';

/** Body of `POST /files` (OpenAI API reference, Upload file). */
export interface FileCreateParams {
  file: Uploadable;
  purpose: FilePurpose;
  expires_after?: ExpiresAfter | undefined;
}

/** What a file is uploaded for. */
export type FilePurpose = 'assistants' | 'batch' | 'fine-tune' | 'vision' | 'user_data' | 'evals';

/** When a file goes away. */
export interface ExpiresAfter {
  anchor: 'created_at';
  /** 3600 to 2592000. */
  seconds: number;
}

/** Query of `GET /files`. */
export interface FileListParams extends CursorPageParams {
  order?: 'asc' | 'desc' | undefined;
  purpose?: string | undefined;
}

/** A file kept by the provider. */
export interface FileObject {
  id: string;
  object: 'file';
  bytes: number;
  /** Seconds since the epoch. */
  created_at: number;
  filename: string;
  purpose:
    | 'assistants'
    | 'assistants_output'
    | 'batch'
    | 'batch_output'
    | 'fine-tune'
    | 'fine-tune-results'
    | 'vision'
    | 'user_data';
  status: 'uploaded' | 'processed' | 'error';
  /** Seconds since the epoch. */
  expires_at?: number;
  status_details?: string;
}

/** A page of `GET /files`. */
export type FileObjectsPage = CursorPage<FileObject>;

/** A file was deleted. */
export interface FileDeleted {
  id: string;
  deleted: boolean;
  object: 'file';
}

/**
 * A file to send. A `File` keeps its name; the name of a file stream (`fs.createReadStream`) is the end of its path, that
 * of a web `Response` the end of its URL.
 */
export type Uploadable = Blob | Response | AsyncIterable<UploadPart> | ReadableStream<UploadPart> | NamedUpload;

/** A stream of parts with a name. */
export interface NamedUpload {
  readonly name: string;
  readonly data: AsyncIterable<UploadPart> | ReadableStream<UploadPart>;
  /** MIME type. */
  readonly type?: string | undefined;
}

/** A piece of a file; text counts as UTF-8. */
export type UploadPart = string | ArrayBuffer | ArrayBufferView | Blob;

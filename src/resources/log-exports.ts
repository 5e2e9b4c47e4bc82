import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JsonObject } from '../core/json.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { toWhole } from './reply-value.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.logs.exports` of `portkey-ai`: exports as jobs of hosted Portkey. In this process there are no jobs: use `portkey.logs.export()`. */
export interface LogExports {
  create(body: LogExportParams, ...args: CallArguments): Promise<JsonObject>;
  retrieve(body: LogExportId, ...args: CallArguments): Promise<JsonObject>;
  list(body?: { readonly workspaceId?: string }, ...args: CallArguments): Promise<JsonObject>;
  update(body: LogExportId & LogExportParams, ...args: CallArguments): Promise<JsonObject>;
  start(body: LogExportId, ...args: CallArguments): Promise<JsonObject>;
  cancel(body: LogExportId, ...args: CallArguments): Promise<JsonObject>;
  download(body: LogExportId, ...args: CallArguments): Promise<JsonObject>;
}

/** Names an export. */
export interface LogExportId {
  readonly exportId: string;
}

/** What to export. */
export interface LogExportParams {
  readonly filters?: JsonObject;
  readonly workspaceId?: string;
  readonly description?: string;
  readonly requestedData?: readonly string[];
}

/** The exports of a gateway; `caller` is undefined where the client routes by itself. */
export function logExports(caller: Caller | undefined): LogExports {
  const ask = async (method: string, path: string, args: CallArguments, body: JsonObject = {}): Promise<JsonObject> => {
    if (caller === undefined)
      throw new InvalidRequestError(
        'exports',
        "Exports as jobs are hosted Portkey's. Logs kept in this process are written with portkey.logs.export().",
      );
    return send(caller, () => ({ endpoint: 'proxy', method, path, body }), args, toWhole<JsonObject>);
  };
  const at = ({ exportId }: LogExportId, below?: string) => objectPath('logs/exports', exportId, below);
  return {
    create: (body, ...args) => ask('POST', '/logs/exports', args, toWire(body)),
    retrieve: (body, ...args) => ask('GET', at(body), args),
    list: ({ workspaceId } = {}, ...args) =>
      ask(
        'GET',
        `/logs/exports${workspaceId === undefined ? '' : `?workspace_id=${encodeURIComponent(workspaceId)}`}`,
        args,
      ),
    update: (body, ...args) => ask('PUT', at(body), args, toWire(body)),
    start: (body, ...args) => ask('POST', at(body, 'start'), args),
    cancel: (body, ...args) => ask('POST', at(body, 'cancel'), args),
    download: (body, ...args) => ask('GET', at(body, 'download'), args),
  };
}

function toWire({ filters, workspaceId, description, requestedData }: LogExportParams): JsonObject {
  return {
    ...(filters === undefined ? {} : { filters }),
    ...(description === undefined ? {} : { description }),
    ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }),
    ...(requestedData === undefined ? {} : { requested_data: requestedData }),
  };
}

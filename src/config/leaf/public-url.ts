/** An address as it may be shown: without query and credentials, which may be secrets. */
export function publicUrl(url: string): string {
  const query = url.indexOf('?');
  const bare = query < 0 ? url : url.slice(0, query);
  const host = bare.indexOf('//') + 2;
  const path = bare.indexOf('/', host);
  const at = bare.lastIndexOf('@', path < 0 ? undefined : path);
  return at < host ? bare : bare.slice(0, host) + bare.slice(at + 1);
}

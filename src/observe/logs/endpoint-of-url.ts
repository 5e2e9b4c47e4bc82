/** What an address asks for, by its path below the version: `chat/completions`; `proxy` where it says nothing. */
export function endpointOfUrl(url: unknown): string {
  const path = typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : '';
  return path.replace(/^.*\/v\d+[a-z]*\//, '').replace(/^\//, '') || 'proxy';
}

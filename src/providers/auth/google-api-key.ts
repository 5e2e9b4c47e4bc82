/** Is `key` a Google API key, as opposed to an access token? Keys of Vertex AI in express mode begin with `AQ.`. */
export function isGoogleApiKey(key: string | undefined): boolean {
  return key !== undefined && /^(?:AIza|AQ\.)/.test(key.trim());
}

/** What stands in a log where a secret was. */
export const redacted = '[redacted]';

/** Names of members and headers whose value is a secret, whatever it looks like. `max_tokens` and the like are none. */
const secretName =
  /(?:^|[_-]|(?<=[a-z]))(?:api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|secret(?:[_-]?key)?|client[_-]?secret|authorization|auth|passw(?:or)?d|passphrase|token|credentials?|cookie|bearer)$/i;

/** Is the value of a member of this name a secret? */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** What a secret looks like anywhere in a text, by a piece of it that is found fast: most texts hold none of them. */
const kinds: readonly (readonly [needles: readonly string[], pattern: string])[] = [
  // Keys of providers, by their prefixes.
  [
    ['sk-', 'sk_', 'rk_', 'pk_', 'pa-', 'xai-', 'pplx-', 'r8_', 'hf_', 'nvapi-', 'fw_', 'tgp_', 'jina_'],
    String.raw`\b(?:c?sk|gsk|rk|pk|pa|xai|pplx|r8|hf|nvapi|fw|tgp_v1|jina)[-_](?=[\w-]*\d)[\w-]{12,}`,
  ],
  [['AIza'], String.raw`\bAIza[\w-]{20,}`],
  // AWS.
  [['AKIA', 'ASIA'], String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{12,}`],
  // GitHub, Slack.
  [['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], String.raw`\bgh[opsur]_\w{20,}`],
  [['github_pat_'], String.raw`\bgithub_pat_\w{20,}`],
  [['xox'], String.raw`\bxox[abeprs]-[\w-]{10,}`],
  // JSON Web Tokens: `{"` in base64, RFC 7519.
  [['eyJ', 'eyI'], String.raw`\bey[JI][\w-]{10,}\.[\w-]{10,}\.[\w-]*`],
  // PEM, RFC 7468.
  [['PRIVATE KEY-----'], String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`],
  [['Bearer ', 'Basic '], String.raw`(?<=\b(?:Bearer|Basic) )[\w~+/.=-]{8,}`],
  // In front of a host, RFC 3986 section 3.2.1.
  [['://'], String.raw`(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)`],
];
const needles = kinds.flatMap(([some]) => some);
const secretText = new RegExp(kinds.map(([, pattern]) => pattern).join('|'), 'g');

/** Members of JSON inside a text, such as the arguments of a tool call. */
const secretMember =
  /("[\w-]*(?:api[_-]?key|access[_-]?key|secret|passw(?:or)?d|authorization|access[_-]?token)\\?"\s*:\s*\\?")[^"\\]+/gi;

/** `text` with `[redacted]` in place of everything that looks like a secret. */
export function redactText(text: string): string {
  const plain = needles.some((needle) => text.includes(needle)) ? text.replace(secretText, redacted) : text;
  return plain.includes('"') ? plain.replace(secretMember, `$1${redacted}`) : plain;
}

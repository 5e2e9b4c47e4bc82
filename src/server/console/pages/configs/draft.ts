import { jsonMistake } from '../../../../config/by-id/json-mistake.ts';
import type { Config } from '../../../../config/config.ts';
import type { ConfigAdmin } from '../../../../config/config-admin.ts';
import type { DocumentVersion } from '../../../../core/document-store.ts';
import type { ConfigIssue } from '../../../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { withSecrets } from './hidden-secrets.ts';
import { jsonLines } from './json-lines.ts';

/** A text that is to become a config, looked at. */
export interface Draft {
  readonly problems: readonly Problem[];
  /** What would be written; undefined where something is wrong. */
  readonly content: JsonObject | undefined;
  /** As it would be used, where it can be. */
  readonly config: Config | undefined;
}

/** Something wrong, and where. */
export interface Problem extends ConfigIssue {
  /** From 1. */
  readonly line: number;
}

/** Looks at `text` in the place of config `slug`, empty for a new one. `versions` say what dots in it stand for, the one it is made from first. */
export async function readDraft(
  text: string,
  {
    admin,
    slug,
    versions,
  }: { readonly admin: ConfigAdmin; readonly slug: string; readonly versions: readonly JsonObject[] },
): Promise<Draft> {
  const mistake = jsonMistake(text);
  if (mistake !== undefined) {
    const line = text.slice(0, mistake.position).split('\n').length;
    return broken([
      { path: '$', line, message: `This is no valid JSON: ${mistake.what}${near(text, mistake.position)}.` },
    ]);
  }
  const given: unknown = JSON.parse(text);
  const lineOf = jsonLines(text);
  const located = (issues: readonly ConfigIssue[]): readonly Problem[] =>
    issues.map((issue) => ({ ...issue, line: lineOf(issue.path) })).sort((a, b) => a.line - b.line);
  const { content, issues: unknown } = isJsonObject(given)
    ? withSecrets(given, versions)
    : { content: given as JsonObject, issues: [] };
  const { issues, config } = await admin.check(content, slug);
  const problems = located([...unknown, ...issues]);
  return { problems, config, content: problems.length > 0 ? undefined : content };
}

function broken(problems: readonly Problem[]): Draft {
  return { problems, content: undefined, config: undefined };
}

/** Texts may be keys: only what holds the document together is quoted. */
function near(text: string, position: number): string {
  const sign = text.charAt(position);
  if (sign === '') return ' at the end';
  return '{}[],:'.includes(sign) ? ` "${sign}"` : '';
}

/** The contents of `versions`, that with this number first. */
export function fromVersion(versions: readonly DocumentVersion[], base: number): readonly JsonObject[] {
  const isBase = (version: DocumentVersion) => version.number === base;
  return [...versions.filter(isBase), ...versions.filter((version) => !isBase(version))].map(({ content }) => content);
}

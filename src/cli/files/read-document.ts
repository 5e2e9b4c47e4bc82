import { readFile } from 'node:fs/promises';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { jsonMistake } from '../../config/by-id/json-mistake.ts';
import type { ConfigIssue } from '../../core/errors/config-error.ts';
import { CliFailure, type CliIo } from '../io.ts';
import { type Position, positionOf } from './position-of.ts';

/** A JSON or YAML file, read and parsed, that knows where in it a path of an issue stands. */
export interface FileDocument {
  /** As the user named it. */
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** Where a path such as `$.targets[1].provider` stands, or what holds it where it is missing. */
  locate(path: string): Position;
  /** What keeps the text from being JSON or YAML; `value` is undefined then. */
  readonly mistakes: readonly LocatedIssue[];
}

/** Something wrong, and where in the file. */
export interface LocatedIssue extends ConfigIssue, Position {}

/** Reads `file`, `-` for standard input. Rejects with `CliFailure` when it cannot be read. */
export async function readDocument(file: string, io: Pick<CliIo, 'readInput'>): Promise<FileDocument> {
  const text = file === '-' ? await io.readInput() : await readText(file);
  const lines = new LineCounter();
  // JSON is YAML, too.
  const document: Document.Parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const mistakes = mistakesIn(document, file.endsWith('.json') ? text : undefined).map(({ message, offset }) => ({
    path: '$',
    message,
    ...place(offset),
  }));
  const value = mistakes.length > 0 ? undefined : toValue(document);
  return {
    file: file === '-' ? 'standard input' : file,
    text,
    mistakes: mistakes.length > 0 ? mistakes : aliasMistakes(value),
    value,
    locate: (path) => place(positionOf(document, path)),
  };
}

/** The same, for commands that need a sound file. Rejects with `CliFailure` that lists what is wrong. */
export async function readSoundDocument(file: string, io: Pick<CliIo, 'readInput'>): Promise<FileDocument> {
  const document = await readDocument(file, io);
  if (document.mistakes.length > 0) throw fileFailure(document, document.mistakes);
  return document;
}

/** A failure that lists what is wrong in a file, each with its place. */
export function fileFailure({ file }: Pick<FileDocument, 'file'>, issues: readonly LocatedIssue[]): CliFailure {
  return new CliFailure(
    `${file} cannot be used:`,
    inOrder(issues).map(({ path, line, column, message }) => ({ path: `${line}:${column} ${path}`, message })),
  );
}

/** As they stand in the file. */
export function inOrder(issues: readonly LocatedIssue[]): readonly LocatedIssue[] {
  return issues.toSorted((left, right) => left.line - right.line || left.column - right.column);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' }[code ?? ''] ?? message;
    throw new CliFailure(`Cannot read ${file}: ${why}.`);
  }
}

interface Mistake {
  readonly message: string;
  readonly offset: number;
}

/** `json`: the text of a file that must be JSON; YAML takes more. */
function mistakesIn(document: Document.Parsed, json: string | undefined): readonly Mistake[] {
  const mistake = json === undefined ? undefined : jsonMistake(json);
  if (mistake !== undefined) return [{ message: `Not valid JSON: ${mistake.what}.`, offset: mistake.position }];
  return document.errors.map(({ pos, code }) => ({
    // The code in words, since some of the messages quote the text, which may hold keys.
    message: `Neither JSON nor YAML: ${code.toLowerCase().replaceAll('_', ' ')}.`,
    offset: pos[0],
  }));
}

function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS() ?? null;
  } catch {
    return undefined;
  }
}

/** Aliases are counted only when the value is made. */
function aliasMistakes(value: unknown): readonly LocatedIssue[] {
  if (value !== undefined) return [];
  const message = 'Its aliases (*) name no anchor (&), or multiply beyond measure.';
  return [{ path: '$', message, line: 1, column: 1 }];
}

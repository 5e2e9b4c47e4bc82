import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/** A whole number of an option; `least` and `most` are part of the range. Throws `InvalidArgumentError`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A number of an option; `least` and `most` are part of the range. Throws `InvalidArgumentError`. */
export function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** A JSON object of an option, or `@file` that holds one. Throws `InvalidArgumentError`. */
export function jsonObject(text: string): JsonObject {
  const value = parse(text.startsWith('@') ? contents(text.slice(1)) : text);
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object such as {"model":"gpt-4o"}, or @file.');
}

/** Adds a `key=value` of an option that may be given several times. Throws `InvalidArgumentError`. */
export function keyValue(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at > 0) return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  throw new InvalidArgumentError('It must be key=value.');
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`Cannot read ${file}: ${(error as Error).message}.`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

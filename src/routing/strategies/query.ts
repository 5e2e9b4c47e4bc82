import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type SafePattern, safePattern } from '../../core/pattern/safe-pattern.ts';

/** What a query looks at. */
export interface QueryFacts {
  readonly metadata: Readonly<Record<string, string>>;
  /** The caller's body, before overrides. */
  readonly params: JsonObject;
  readonly url: { readonly pathname: string };
}

/** A compiled query. */
export type Predicate = (facts: QueryFacts) => boolean;

/** Called with the path below the query and what is wrong there. */
export type ReportIssue = (path: string, message: string) => void;

const roots = ['metadata', 'params', 'url'];

/** MongoDB-like query to predicate; every key must hold, whatever their order. Problems go to `report`, all of them. */
export function compileQuery(query: unknown, report: ReportIssue, path = ''): Predicate {
  if (!isJsonObject(query)) {
    report(
      path,
      `A query must be an object such as { "metadata.tier": { "$eq": "paid" } }, not ${JSON.stringify(query)}.`,
    );
    return () => false;
  }
  return every(
    Object.entries(query).map(([key, value]) => {
      const here = `${path}.${key}`;
      if (key === '$and' || key === '$or') return compileList(key, value, report, here);
      if (key.startsWith('$'))
        return refuse(report, here, `Unknown operator. At this place a query takes $and, $or or a path.`);
      return compileField(key, value, report, here);
    }),
  );
}

function compileList(operator: '$and' | '$or', value: unknown, report: ReportIssue, path: string): Predicate {
  if (!Array.isArray(value) || value.length === 0)
    return refuse(report, path, `${operator} takes a list of at least one query.`);
  const parts = value.map((part, index) => compileQuery(part, report, `${path}[${index}]`));
  return operator === '$and' ? every(parts) : (facts) => parts.some((part) => part(facts));
}

function compileField(key: string, condition: unknown, report: ReportIssue, path: string): Predicate {
  const [root = ''] = key.split('.');
  if (!roots.includes(root) || (root === 'url' && key !== 'url.pathname')) {
    return refuse(report, path, 'A path starts with "metadata.", "params." or is "url.pathname".');
  }
  const test = compileCondition(condition, report, path);
  return (facts) => test(valueAt(facts, key));
}

type Test = (actual: unknown) => boolean;

function compileCondition(condition: unknown, report: ReportIssue, path: string): Test {
  if (!isJsonObject(condition)) return (actual) => actual === condition;
  const entries = Object.entries(condition);
  if (!entries.some(([key]) => key.startsWith('$'))) {
    return refuse(report, path, 'A condition is a plain value, or an object of operators such as { "$eq": … }.');
  }
  const tests = entries.map(([operator, expected]) => {
    const compile = operators[operator];
    if (compile === undefined) {
      return refuse(report, `${path}.${operator}`, `Unknown operator. Valid: ${Object.keys(operators).join(', ')}.`);
    }
    return compile(expected, (message) => report(`${path}.${operator}`, message));
  });
  return every(tests);
}

const operators: Readonly<Record<string, (expected: unknown, report: (message: string) => void) => Test>> = {
  $eq: (expected) => (actual) => actual === expected,
  $ne: (expected) => (actual) => actual !== expected,
  $gt: ordering((order) => order > 0),
  $gte: ordering((order) => order >= 0),
  $lt: ordering((order) => order < 0),
  $lte: ordering((order) => order <= 0),
  $in: (expected, report) => {
    const list = listOf(expected, report);
    return (actual) => (Array.isArray(actual) ? actual.some((item) => list.includes(item)) : list.includes(actual));
  },
  $nin: (expected, report) => {
    const list = listOf(expected, report);
    return (actual) => !(Array.isArray(actual) ? actual.some((item) => list.includes(item)) : list.includes(actual));
  },
  $regex: (expected, report) => {
    const pattern = patternOf(expected, report);
    // A text too long for the pattern does not match it.
    return (actual) => typeof actual === 'string' && pattern?.test(actual) === true;
  },
};

/** Compares as numbers where both sides are numbers or numeric strings (metadata carries only strings), as text where both are text, else never holds. */
function ordering(holds: (order: number) => boolean) {
  return (expected: unknown, report: (message: string) => void): Test => {
    if (typeof expected !== 'number' && typeof expected !== 'string') {
      report(`Takes a number or a string to compare with, not ${JSON.stringify(expected)}.`);
    }
    const expectedNumber = toNumber(expected);
    return (actual) => {
      const actualNumber = toNumber(actual);
      if (expectedNumber !== undefined && actualNumber !== undefined) return holds(actualNumber - expectedNumber);
      if (typeof actual !== 'string' || typeof expected !== 'string') return false;
      return holds(actual < expected ? -1 : actual > expected ? 1 : 0);
    };
  };
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function listOf(expected: unknown, report: (message: string) => void): readonly unknown[] {
  if (Array.isArray(expected)) return expected;
  report(`Takes a list of values, not ${JSON.stringify(expected)}.`);
  return [];
}

function patternOf(expected: unknown, report: (message: string) => void): SafePattern | undefined {
  if (typeof expected !== 'string') {
    report(`Takes a regular expression as a string, not ${JSON.stringify(expected)}.`);
    return undefined;
  }
  const pattern = safePattern(expected, '', 'test');
  if (typeof pattern !== 'string') return pattern;
  report(pattern);
  return undefined;
}

/** The value at a dotted path of any depth; a key that itself holds dots is found before its parts. */
export function valueAt(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return valueInList(value, path);
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(value, head)) return valueAt(value[head], path.slice(dot + 1));
  }
  return undefined;
}

/** `params.messages.0.role` */
function valueInList(list: readonly unknown[], path: string): unknown {
  const dot = path.indexOf('.');
  const item = list[Number(dot < 0 ? path : path.slice(0, dot))];
  return dot < 0 ? item : valueAt(item, path.slice(dot + 1));
}

function every<Subject>(tests: readonly ((subject: Subject) => boolean)[]): (subject: Subject) => boolean {
  return (subject) => tests.every((test) => test(subject));
}

function refuse(report: ReportIssue, path: string, message: string): () => false {
  report(path, message);
  return () => false;
}

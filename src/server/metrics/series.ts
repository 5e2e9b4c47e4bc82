/** Values of a metric's labels, in the order of their names. */
export type LabelValues = readonly string[];

/** A metric that only grows. */
export interface Counter {
  add(labels: LabelValues, amount?: number): void;
  text(): string;
}

/** Counts of observations by size. */
export interface Histogram {
  observe(labels: LabelValues, value: number): void;
  text(): string;
}

/** Name, meaning and labels of a metric. */
export interface MetricFacts {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Series of one metric at most; what would be one more is counted together, every label `other`. */
const seriesAtMost = 1000;

/** A counter at zero. Text as in the Prometheus documentation, "Exposition formats". */
export function counter(facts: MetricFacts): Counter {
  const series = seriesOf(facts, () => ({ value: 0 }));
  return {
    add(labels, amount = 1) {
      series.at(labels).value += amount;
    },
    text: () =>
      [
        head(facts, 'counter'),
        ...series.all.map(([labels, { value }]) => `${facts.name}${braces(labels)} ${value}`),
      ].join('\n'),
  };
}

/** A histogram without observations; `bounds` are the buckets' upper ends, growing. */
export function histogram(facts: MetricFacts, bounds: readonly number[]): Histogram {
  const series = seriesOf(facts, () => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
  return {
    observe(labels, value) {
      const at = series.at(labels);
      at.sum += value;
      at.count++;
      const bucket = bounds.findIndex((bound) => value <= bound);
      const before = at.counts[bucket];
      if (before !== undefined) at.counts[bucket] = before + 1;
    },
    text: () =>
      [
        head(facts, 'histogram'),
        ...series.all.flatMap(([labels, of]) => bucketLines(facts.name, labels, bounds, of)),
      ].join('\n'),
  };
}

/** One value that goes up and down, without labels. */
export function gaugeText({ name, help }: Pick<MetricFacts, 'name' | 'help'>, value: number): string {
  return `${head({ name, help, labels: [] }, 'gauge')}\n${name} ${value}`;
}

interface Buckets {
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

function bucketLines(
  name: string,
  labels: string,
  bounds: readonly number[],
  { counts, sum, count }: Buckets,
): readonly string[] {
  const lead = labels === '' ? '' : `${labels},`;
  let total = 0;
  const lines = bounds.map((bound, index) => {
    total += counts[index] ?? 0;
    return `${name}_bucket{${lead}le="${bound}"} ${total}`;
  });
  return [
    ...lines,
    `${name}_bucket{${lead}le="+Inf"} ${count}`,
    `${name}_sum${braces(labels)} ${sum}`,
    `${name}_count${braces(labels)} ${count}`,
  ];
}

function seriesOf<Value>({ labels: names }: MetricFacts, start: () => Value) {
  const byLabels = new Map<string, Value>();
  const make = (key: string) => {
    const value = start();
    byLabels.set(key, value);
    return value;
  };
  return {
    at(labels: LabelValues): Value {
      const key = labels.join('\n');
      const known = byLabels.get(key);
      if (known !== undefined) return known;
      if (byLabels.size < seriesAtMost) return make(key);
      const rest = names.map(() => 'other').join('\n');
      return byLabels.get(rest) ?? make(rest);
    },
    /** Labels as the exposition writes them, without braces. */
    get all(): readonly (readonly [string, Value])[] {
      return [...byLabels].map(([key, value]) => [pairsOf(names, key), value]);
    },
  };
}

function pairsOf(names: readonly string[], key: string): string {
  const values = key.split('\n');
  return names.map((name, index) => `${name}="${escaped(values[index] ?? '')}"`).join(',');
}

function head({ name, help }: MetricFacts, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

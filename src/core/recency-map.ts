/**
 * A map in an order of its own: what was set or used last stands last. The oldest is found at once, whatever came and went. (A `Map` passes over
 * the holes that deleted entries leave when it is read from its beginning, and an iterator kept over it keeps every table it outgrew.)
 */
export interface RecencyMap<Value> {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): Value | undefined;
  /** The same, and the entry is now the newest. */
  use(key: string): Value | undefined;
  /** The entry is now the newest, whether it was known or not. */
  set(key: string, value: Value): void;
  /** Takes an entry out, and tells what it was. */
  delete(key: string): Value | undefined;
  /** Takes the oldest entry out, and tells what it was; undefined where there is none. */
  shift(): Value | undefined;
  clear(): void;
  /** The oldest first. The entry at hand may be deleted meanwhile. */
  entries(): Iterable<readonly [key: string, value: Value]>;
  /** The oldest first. */
  values(): Value[];
}

/** An empty one. */
export function createRecencyMap<Value>(): RecencyMap<Value> {
  const nodes = new Map<string, Node<Value>>();
  const order = createOrder<Value>();

  function remove(node: Node<Value>): Value {
    nodes.delete(node.key);
    order.unlink(node);
    return node.value;
  }

  return {
    get size() {
      return nodes.size;
    },
    has: (key) => nodes.has(key),
    get: (key) => nodes.get(key)?.value,
    use(key) {
      const node = nodes.get(key);
      if (node !== undefined) order.renew(node);
      return node?.value;
    },
    set(key, value) {
      const known = nodes.get(key);
      const node = known ?? { key, value, before: undefined, after: undefined };
      node.value = value;
      if (known !== undefined) return order.renew(known);
      nodes.set(key, node);
      order.append(node);
    },
    delete(key) {
      const node = nodes.get(key);
      return node && remove(node);
    },
    shift() {
      const node = order.oldest();
      return node && remove(node);
    },
    clear() {
      for (const node of nodes.values()) order.unlink(node);
      nodes.clear();
    },
    *entries() {
      for (let node = order.oldest(); node !== undefined; ) {
        const { after } = node;
        yield [node.key, node.value];
        node = after;
      }
    },
    values() {
      const values: Value[] = [];
      for (let node = order.oldest(); node !== undefined; node = node.after) values.push(node.value);
      return values;
    },
  };
}

interface Node<Value> {
  readonly key: string;
  value: Value;
  before: Node<Value> | undefined;
  after: Node<Value> | undefined;
}

/** Nodes one after another, the newest last. */
function createOrder<Value>() {
  let oldest: Node<Value> | undefined;
  let newest: Node<Value> | undefined;

  function append(node: Node<Value>): void {
    node.before = newest;
    node.after = undefined;
    if (newest === undefined) oldest = node;
    else newest.after = node;
    newest = node;
  }

  function unlink({ before, after }: Node<Value>): void {
    if (before === undefined) oldest = after;
    else before.after = after;
    if (after === undefined) newest = before;
    else after.before = before;
  }

  return {
    oldest: () => oldest,
    append,
    unlink,
    renew(node: Node<Value>): void {
      if (node === newest) return;
      unlink(node);
      append(node);
    },
  };
}

import type { RequestContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import type { ModelRequest } from './handler.ts';
import type { JsonObject } from './json.ts';
import type { Demand } from './limit.ts';
import { estimateInput, estimateText, type OutputBound, outputBound, promptKeys } from './token-estimate.ts';

/** Counts tokens of a text as `model` would. */
export type CountTokens = (text: string, model: string) => number;

/** What a target makes of a caller's body before it is asked. */
export interface BodyRule {
  readonly rewrite: (body: JsonObject) => JsonObject;
  /** Does it change what the prompt consists of, not only parameters? */
  readonly changesPrompt: boolean;
  /** The model as the provider knows it. */
  readonly toModel: (asked: string) => string;
}

/** What a request needs, of any target. */
export interface RequestDemand extends Demand {
  /** What it needs of a target that changes the body. Worked out once per rule. */
  under(rule: BodyRule | undefined): Demand;
}

const demands = new WeakMap<ModelRequest, RequestDemand>();

/** What `request` needs, worked out once and only as far as anybody asks. */
export function demandOf(
  request: ModelRequest,
  { metadata }: Pick<RequestContext, 'metadata'>,
  countTokens?: CountTokens,
): RequestDemand {
  const known = demands.get(request);
  if (known !== undefined) return known;
  const made = new BodyDemand({ endpoint: request.endpoint, metadata, countTokens }, () => request.body);
  demands.set(request, made);
  return made;
}

interface Facts {
  readonly endpoint: Endpoint;
  readonly metadata: Readonly<Record<string, string>>;
  readonly countTokens: CountTokens | undefined;
}

/** A class: most requests meet limits that read few of these. */
class BodyDemand implements RequestDemand {
  readonly metadata: Readonly<Record<string, string>>;
  readonly #facts: Facts;
  readonly #source: () => JsonObject;
  readonly #toModel: ((asked: string) => string) | undefined;
  /** Whose prompt this one has too. */
  readonly #twin: BodyDemand | undefined;
  #body: JsonObject | undefined;
  #input: number | undefined;
  #output: OutputBound | undefined;
  #under: Map<BodyRule, BodyDemand> | undefined;

  constructor(facts: Facts, source: () => JsonObject, toModel?: (asked: string) => string, twin?: BodyDemand) {
    this.metadata = facts.metadata;
    this.#facts = facts;
    this.#source = source;
    this.#toModel = toModel;
    this.#twin = twin;
  }

  get #effective(): JsonObject {
    this.#body ??= this.#source();
    return this.#body;
  }

  get model(): string {
    const { model } = this.#effective;
    const asked = typeof model === 'string' ? model : '';
    return this.#toModel === undefined ? asked : this.#toModel(asked);
  }

  get inputTokens(): number {
    this.#input ??= this.#countInput();
    return this.#input;
  }

  get outputTokens(): number {
    this.#output ??= outputBound(this.#facts.endpoint, this.#effective);
    return this.#output.tokens;
  }

  get isOutputGuessed(): boolean {
    this.#output ??= outputBound(this.#facts.endpoint, this.#effective);
    return this.#output.isGuessed;
  }

  under(rule: BodyRule | undefined): Demand {
    if (rule === undefined) return this;
    const known = this.#under?.get(rule);
    if (known !== undefined) return known;
    const twin = rule.changesPrompt ? undefined : this;
    const made = new BodyDemand(this.#facts, () => rule.rewrite(this.#effective), rule.toModel, twin);
    this.#under ??= new Map();
    this.#under.set(rule, made);
    return made;
  }

  #countInput(): number {
    const { endpoint, countTokens } = this.#facts;
    const model = countTokens === undefined ? '' : this.model;
    if (this.#twin !== undefined && (countTokens === undefined || this.#twin.model === model))
      return this.#twin.inputTokens;
    const count = countTokens === undefined ? estimateText : (text: string) => countTokens(text, model);
    return estimateInput(endpoint, this.#effective, count);
  }
}

/** Does changing these parameters change the prompt? */
export function changesPrompt(keys: Iterable<string>): boolean {
  const prompt: ReadonlySet<string> = new Set(promptKeys);
  for (const key of keys) if (prompt.has(key)) return true;
  return false;
}

import type { Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';
import type { Demand } from './limit.ts';
import {
  askedTokens,
  estimateInput,
  estimateText,
  type OutputBound,
  outputBound,
  promptKeys,
} from './token-estimate.ts';

/** Counts tokens of a text as `model` would. */
export type CountTokens = (text: string, model: string) => number;

/** What a target makes of a caller's body before it is asked. */
export interface BodyRule {
  readonly rewrite: (body: JsonObject, captured?: readonly string[]) => JsonObject;
  /** Does it change what the prompt consists of, not only parameters? */
  readonly changesPrompt: boolean;
  /** The model as the provider knows it. */
  readonly toModel: (asked: string) => string;
}

/** The part of a request that says what it needs. */
export interface AskedBody {
  readonly endpoint: Endpoint;
  readonly body: JsonObject;
}

/** The part of its context that does. */
export interface AskedFacts {
  readonly metadata: Readonly<Record<string, string>>;
  readonly pathname: string;
  readonly call?: AskedLabels | undefined;
  /** What the stars in the name of the request's model group stand for. */
  readonly captured?: readonly string[] | undefined;
  /** Where what was worked out is kept. */
  readonly memo?: DemandMemo;
}

/** What a call asks of its target by name, and whose call it is. */
export interface AskedLabels {
  readonly tags?: readonly string[];
  readonly regions?: readonly string[];
  readonly tenant?: string;
}

/** What is worked out of a request once, by whoever needs it first. */
export interface DemandMemo {
  demand?: RequestDemand;
}

/** What a request needs, of any target. */
export interface RequestDemand extends Demand {
  readonly request: AskedBody;
  readonly pathname: string;
  /** What it needs of a target that changes the body. Worked out once per rule. */
  under(rule: BodyRule | undefined): Demand;
}

/** What `request` needs, worked out once and only as far as anybody asks. */
export function demandOf(
  request: AskedBody,
  { metadata, pathname, call, captured, memo }: AskedFacts,
  countTokens?: CountTokens,
): RequestDemand {
  const known = memo?.demand;
  // Somebody on the way may have made another request of it.
  if (known?.request === request) return known;
  const made = new BodyDemand({ request, metadata, pathname, call, captured, countTokens }, () => request.body);
  if (memo !== undefined) memo.demand = made;
  return made;
}

interface Facts {
  readonly request: AskedBody;
  readonly pathname: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly call: AskedLabels | undefined;
  readonly captured: AskedFacts['captured'];
  readonly countTokens: CountTokens | undefined;
}

/** A class: most requests meet limits that read few of these. */
class BodyDemand implements RequestDemand {
  readonly request: AskedBody;
  readonly pathname: string;
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
    this.request = facts.request;
    this.pathname = facts.pathname;
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

  get askedModel(): string {
    const { model } = this.#effective;
    return typeof model === 'string' ? model : '';
  }

  get model(): string {
    const asked = this.askedModel;
    return this.#toModel === undefined ? asked : this.#toModel(asked);
  }

  get tags(): readonly string[] | undefined {
    return this.#facts.call?.tags;
  }

  get tenant(): string | undefined {
    return this.#facts.call?.tenant;
  }

  get regions(): readonly string[] | undefined {
    return this.#facts.call?.regions;
  }

  get inputTokens(): number {
    this.#input ??= this.#countInput();
    return this.#input;
  }

  get outputTokens(): number {
    this.#output ??= outputBound(this.request.endpoint, this.#effective);
    return this.#output.tokens;
  }

  get isOutputGuessed(): boolean {
    this.#output ??= outputBound(this.request.endpoint, this.#effective);
    return this.#output.isGuessed;
  }

  get askedTokens(): number | undefined {
    return askedTokens(this.#effective);
  }

  under(rule: BodyRule | undefined): Demand {
    if (rule === undefined) return this;
    const known = this.#under?.get(rule);
    if (known !== undefined) return known;
    const twin = rule.changesPrompt ? undefined : this;
    const made = new BodyDemand(
      this.#facts,
      () => rule.rewrite(this.#effective, this.#facts.captured),
      rule.toModel,
      twin,
    );
    this.#under ??= new Map();
    this.#under.set(rule, made);
    return made;
  }

  #countInput(): number {
    const { request, countTokens } = this.#facts;
    const model = countTokens === undefined ? '' : this.model;
    if (this.#twin !== undefined && (countTokens === undefined || this.#twin.model === model))
      return this.#twin.inputTokens;
    const count = countTokens === undefined ? estimateText : (text: string) => countTokens(text, model);
    return estimateInput(request.endpoint, this.#effective, count);
  }
}

/** Does changing these parameters change the prompt? */
export function changesPrompt(keys: Iterable<string>): boolean {
  const prompt: ReadonlySet<string> = new Set(promptKeys);
  for (const key of keys) if (prompt.has(key)) return true;
  return false;
}

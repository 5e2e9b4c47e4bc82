import type { Prompt, PromptVersion } from './prompt.ts';
import type { PromptObject, PromptSummary, PromptVersionObject, PromptWritten } from './prompt-types.ts';

/** What is said of a prompt in a list. */
export function toSummary({ slug, name, versions, published, createdAt, updatedAt }: Prompt): PromptSummary {
  return {
    id: slug,
    slug,
    name,
    model: versions.find(({ number }) => number === published)?.model ?? null,
    status: 'active',
    created_at: toDate(createdAt),
    last_updated_at: toDate(updatedAt),
    object: 'prompt',
  };
}

/** A prompt as this version of it. */
export function toObject(prompt: Prompt, version: PromptVersion): PromptObject {
  return {
    ...toSummary(prompt),
    model: version.model ?? null,
    string: templateText(version),
    parameters: version.parameters,
    virtual_key: version.virtualKey ?? null,
    prompt_version: version.number,
    prompt_version_id: idOf(prompt, version.number),
    prompt_version_status: statusOf(prompt, version),
    prompt_version_description: version.description ?? null,
    labels: labelsOf(prompt, version),
  };
}

/** A version in a list of them. */
export function toVersionObject(prompt: Prompt, version: PromptVersion): PromptVersionObject {
  const labels = labelsOf(prompt, version);
  return {
    id: idOf(prompt, version.number),
    prompt_version: version.number,
    prompt_template: templateText(version),
    prompt_description: version.description ?? null,
    prompt_version_status: statusOf(prompt, version),
    prompt_version_label_id: labels[0] ?? null,
    labels,
    created_at: toDate(version.createdAt),
    object: 'prompt',
  };
}

/** Answer to a write that led to, or was about, version `number`. */
export function toWritten(prompt: Prompt, number: number): PromptWritten {
  const { slug } = prompt;
  const id = idOf(prompt, number);
  return { id: slug, slug, version: number, version_id: id, prompt_version_id: id, object: 'prompt' };
}

/** Names the version wherever a prompt is named. */
function idOf({ slug }: Prompt, number: number): string {
  return `${slug}@${number}`;
}

function templateText({ template }: PromptVersion): string {
  return typeof template === 'string' ? template : JSON.stringify(template);
}

function statusOf({ published }: Prompt, { number }: PromptVersion): PromptObject['prompt_version_status'] {
  return number === published ? 'published' : 'archived';
}

function labelsOf({ labels }: Prompt, { number }: PromptVersion): readonly string[] {
  return Object.keys(labels).filter((label) => labels[label] === number);
}

function toDate(ms: number): string {
  return new Date(ms).toISOString();
}

/** A place in a document as JSON path: `$.providers.openai[0].status`; names that are not plain stand in brackets. */
export function pathOf(steps: readonly PropertyKey[]): string {
  return `$${steps.map(stepOf).join('')}`;
}

function stepOf(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  const name = String(step);
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

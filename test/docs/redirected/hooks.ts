import { registerHooks } from 'node:module';

// The blocks of the pages ask `modelmux` for a client: they get one whose calls go to the simulator.
const client = new URL('./client.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const isBlock = context.parentURL?.includes('/.blocks-') === true;
    return specifier === 'modelmux' && isBlock
      ? { url: client, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context);
  },
});

import { providerFamily } from './provider-suite.ts';

providerFamily('openai-compatible-a-to-h');

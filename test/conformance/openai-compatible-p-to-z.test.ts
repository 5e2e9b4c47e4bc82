import { providerFamily } from './provider-suite.ts';

providerFamily('openai-compatible-p-to-z');

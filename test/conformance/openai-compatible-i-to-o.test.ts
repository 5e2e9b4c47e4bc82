import { providerFamily } from './provider-suite.ts';

providerFamily('openai-compatible-i-to-o');

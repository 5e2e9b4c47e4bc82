import { providerFamily } from './provider-suite.ts';

providerFamily('embeddings-only');

import { providerFamily } from './provider-suite.ts';

providerFamily('bedrock');

import { providerFamily } from './provider-suite.ts';

providerFamily('azure');

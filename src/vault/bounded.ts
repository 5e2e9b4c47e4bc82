export { bounded, publicReason } from '../core/bounded.ts';

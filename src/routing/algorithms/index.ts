import type { Algorithm } from '../../core/algorithm.ts';
import { random } from './random.ts';
import { weighted } from './weighted.ts';

/** The ways to pick a child, by the name `strategy.algorithm` gives. */
export const algorithms = { weighted, random } as const satisfies Record<string, Algorithm>;

/** One of the names in {@link algorithms}. */
export type AlgorithmName = keyof typeof algorithms;

import type { Metrics } from './ports.ts';

/** For a command that ends before anyone could ask for its numbers. */
export const UNMEASURED: Metrics = { count: () => {}, measure: () => {}, set: () => {} };

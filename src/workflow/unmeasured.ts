import type { Metrics } from './ports/bot.ts';

/** For a command that ends before anyone could ask for its numbers. */
export const UNMEASURED: Metrics = { count: () => {}, measure: () => {}, set: () => {} };

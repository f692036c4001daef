import type { Pace } from '../../../src/workflow/ports/messages.ts';

/** For a messenger that takes everything at once. */
export const FREE_PACE: Pace = { posts: { burst: 1_000, everyMs: 1 }, edits: { burst: 1_000, everyMs: 1 } };

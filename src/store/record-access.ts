import type { StoreProblem } from '../model/record/store-problem.ts';
import { pathOfUrl, requireUsable } from './sqlite/database-file.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/**
 * Why the bot could not use a record there, as far as its file and directory show. Null: no problem found. Creates
 * nothing.
 */
export async function recordAccessProblem(url: string): Promise<StoreProblem | null> {
  try {
    await requireUsable(pathOfUrl(url));
    return null;
  } catch (error) {
    if (error instanceof StoreUnavailable) return error.problem;
    throw error;
  }
}

import type { JudgedAccess } from '../access/judge-access.ts';
import type { Durability } from '../model/durability.ts';

/** Will this state last? Judged for the host as it is; for a plan, of the host as the plan would leave it. */
export function judgeDurability(judged: JudgedAccess): Durability | null {
  void judged;
  return null;
}

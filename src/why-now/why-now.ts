import type { JudgedAccess } from '../access/judge-access.ts';
import type { Finding } from '../model/finding.ts';
import type { WhyNow } from '../model/why-now.ts';

/** Why the fault shows only now, as far as the host's records tell. Null where nothing is wrong. */
export function explainWhyNow(judged: JudgedAccess, findings: readonly Finding[]): WhyNow | null {
  void judged;
  void findings;
  return null;
}

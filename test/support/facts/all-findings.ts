import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { runChecks } from '../../../src/diagnosis/checks/run-checks.ts';
import { judgeDurability } from '../../../src/diagnosis/durability/judge-durability.ts';
import type { Finding } from '../../../src/model/diagnosis/finding.ts';
import type { Facts } from '../../../src/model/host/facts.ts';

/** What all checks find in the facts. */
export function allFindings(facts: Facts): Finding[] {
  const judged = judgeAccess(facts);
  return runChecks(judged, judgeDurability(judged));
}

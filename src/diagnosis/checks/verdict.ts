import type { Verdict } from '../../model/diagnosis/diagnosis.ts';
import type { Finding } from '../../model/diagnosis/finding.ts';
import { isInconclusive } from './index.ts';

/** The verdict from all findings. A fault outranks what could not be checked, which outranks health. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'fault')) return 'faulty';
  return findings.some(({ id, severity }) => severity !== 'info' && isInconclusive(id)) ? 'inconclusive' : 'healthy';
}

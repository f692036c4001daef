import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';

/** So many pushes or pulls in a row, with no success after them, are more than one client's bad luck. */
const FAILED_IN_A_ROW = 5;

/** A deeper look at a watched host, and what the record has open about it. */
export type DeepLook = {
  /** The registry said itself, when it was asked, that it is healthy. */
  readonly answersHealthy: boolean;
  readonly diagnosis: Pick<Diagnosis, 'verdict' | 'findings'>;
  /** An incident of the host is open, in whatever channel. */
  readonly hasIncident: boolean;
  /** The incident channel knows of one. */
  readonly isTold: boolean;
};

/**
 * What follows from a deeper look. It opens an incident only behind a healthy answer: an unhealthy one is left to the
 * ordinary looks, two in a row. A single deeper look is enough, because it has tested the storage and not guessed from
 * a silence. Warnings open nothing; the nightly look tells them.
 */
export function onDeepLook(look: DeepLook): 'nothing' | 'open-incident' | 'resolve' {
  if (!look.answersHealthy) return 'nothing';
  if (look.diagnosis.verdict === 'healthy') return look.hasIncident ? 'resolve' : 'nothing';
  return !look.isTold && isBroken(look.diagnosis) ? 'open-incident' : 'nothing';
}

function isBroken({ verdict, findings }: DeepLook['diagnosis']): boolean {
  return verdict === 'faulty' || findings.some(failsRequests);
}

/** The registry serves, and yet no one's pushes or pulls succeed. */
function failsRequests(finding: Diagnosis['findings'][number]): boolean {
  if (finding.id !== 'pushes-failed' && finding.id !== 'pulls-failed') return false;
  return finding.severity !== 'info' && finding.request !== null && finding.count >= FAILED_IN_A_ROW;
}

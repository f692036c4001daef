import type { EvidenceId } from '../../../model/diagnosis/why-now.ts';
import { knownValue } from '../../../model/fact.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { changesSinceOldStart } from './changes-since-old-start.ts';

const EVIDENCE_BY_EVENT = new Map<'account-change', EvidenceId>([['account-change', 'account-changed']]);

/**
 * Hypothesis: the registry runs with another identity than before. Its account's ids or groups, or its start script,
 * were changed while the old process kept what it had (credentials(7)). The same files hold other accounts, so their
 * times alone are weak evidence.
 */
export const identityChanged: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'security') return null;
  const process = knownValue(context.facts.process);
  const user = process?.identity.user ?? knownValue(context.facts.account)?.user ?? null;
  const changes = changesSinceOldStart(context, {
    roles: ['passwd', 'group'],
    otherRoles: ['run-script'],
    events: EVIDENCE_BY_EVENT,
    isRelevant: ({ text }) => user !== null && namesUser(text, user),
  });
  const { since, perhapsSince, afterFault, allOlder, older, missing } = changes;
  if (since.length > 0) {
    return supported(since.some(({ id }) => id === 'account-changed') ? 'strong' : 'weak', since);
  }
  if (allOlder) return refuted(older);
  return undecided([...perhapsSince, ...afterFault], missing);
};

function namesUser(text: string, user: string): boolean {
  return text.split(/[^A-Za-z0-9_.-]+/).includes(user);
}

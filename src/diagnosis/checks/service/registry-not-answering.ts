import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { isSilence, wasAsked } from '../../../model/reason.ts';
import type { Check } from '../check.ts';
import { START_CAUSES } from '../evidence/log-complaints.ts';

/**
 * `/v2/`, or the debug address in the config, gave no answer, and the registry is not known to be down. A fault only if
 * a request was sent and not answered. If no request could be sent, nothing is known.
 */
export const registryNotAnswering: Check<'registry-not-answering'> = {
  id: 'registry-not-answering',
  inconclusive: true,
  consequenceOf: [...START_CAUSES, 'restart-loop'],
  look({ facts }) {
    if (facts.process.state === 'absent') return [];
    const missing = missingAnswer(facts);
    if (missing === null) return [];
    return [{ id: 'registry-not-answering', proof: 'evaluated', path: null, ...missing }];
  },
};

type Missing = Pick<FindingOf<'registry-not-answering'>, 'severity' | 'asked' | 'page' | 'why'>;

function missingAnswer({ v2, health }: Facts): Missing | null {
  if (v2.state === 'absent') return { severity: 'warning', asked: false, page: null, why: { code: 'address-unknown' } };
  if (v2.state === 'unknown') {
    const severity = isSilence(v2.why) ? 'fault' : 'warning';
    return { severity, asked: wasAsked(v2.why), page: '/v2/', why: v2.why };
  }
  if (health.state !== 'unknown') return null;
  return { severity: 'warning', asked: wasAsked(health.why), page: '/debug/health', why: health.why };
}

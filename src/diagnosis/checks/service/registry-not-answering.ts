import { type Facts, SILENCES, wasAsked } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { START_CAUSES } from '../evidence/log-complaints.ts';

/**
 * `/v2/`, or the debug address that the config names, gave no answer, and the registry is not known to be down. A fault only
 * where it was asked and stayed silent; where it could not be asked, nothing is known.
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

type Missing = { readonly severity: 'fault' | 'warning'; readonly asked: boolean; readonly why: string };

function missingAnswer({ v2, health }: Facts): Missing | null {
  if (v2.state === 'absent') return { severity: 'warning', asked: false, why: 'its address is not known' };
  if (v2.state === 'unknown') {
    const severity = SILENCES.includes(v2.why) ? 'fault' : 'warning';
    return { severity, asked: wasAsked(v2.why), why: `/v2/: ${v2.why}` };
  }
  if (health.state !== 'unknown') return null;
  return { severity: 'warning', asked: wasAsked(health.why), why: `/debug/health: ${health.why}` };
}

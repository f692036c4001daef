import { type Facts, SILENCES } from '../model/facts.ts';
import type { Check } from './check.ts';
import { START_CAUSES } from './registry-words.ts';

/**
 * `/v2/`, or the debug address that the config names, gave no answer, and the registry is not known to be down. A fault only
 * where it was asked and stayed silent; where it could not be asked, nothing is known.
 */
export const registryNotAnswering: Check = {
  id: 'registry-not-answering',
  consequenceOf: [...START_CAUSES, 'restart-loop'],
  look({ facts }) {
    if (facts.process.state === 'absent') return [];
    const missing = missingAnswer(facts);
    if (missing === null) return [];
    return [{ id: 'registry-not-answering', proof: 'evaluated', path: null, ...missing }];
  },
};

function missingAnswer({ v2, health }: Facts): { severity: 'fault' | 'warning'; why: string } | null {
  if (v2.state === 'absent') return { severity: 'warning', why: 'its address is not known' };
  if (v2.state === 'unknown') return { severity: isSilence(v2.why) ? 'fault' : 'warning', why: `/v2/: ${v2.why}` };
  return health.state === 'unknown' ? { severity: 'warning', why: `/debug/health: ${health.why}` } : null;
}

function isSilence(why: string): boolean {
  return SILENCES.includes(why);
}

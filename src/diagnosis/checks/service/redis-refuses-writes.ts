import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { complaintIn, isRecent, quoteOf } from '../evidence/log-complaints.ts';

type Reason = FindingOf<'redis-refuses-writes'>['reason'];

/** The first word of a redis error (redis.io, "Simple errors"), and why it refuses. */
const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/\bMISCONF /, 'disk'],
  [/\bOOM command/, 'memory'],
  [/\bREADONLY /, 'replica'],
  [/\bNOPERM /, 'rights'],
];

/**
 * Redis answers, and refuses what the registry writes. distribution 2.8 uses redis only as a cache, continues without
 * it, and logs only a refused login (seen with 2.8.2). distribution 3 and GitLab's registry answer the push with 500
 * and redis's message (distribution#4742), so there it breaks the registry.
 */
export const redisRefusesWrites: Check<'redis-refuses-writes'> = {
  id: 'redis-refuses-writes',
  look({ facts }) {
    const complaint = complaintIn(facts, 'redis-refuses');
    if (complaint === null || !isRecent(facts, complaint.lastAt)) return [];
    return [
      {
        id: 'redis-refuses-writes',
        severity: failsRequests(facts) ? 'fault' : 'warning',
        proof: 'evaluated',
        path: null,
        reason: REASONS.find(([words]) => words.test(complaint.words))?.[1] ?? 'login',
        said: quoteOf(complaint),
      },
    ];
  },
};

/** Whether a push or a pull failed with redis's message, and none has succeeded since. */
function failsRequests({ logs }: Facts): boolean {
  if (logs.state !== 'known') return false;
  return [logs.value.failedPushes, logs.value.failedPulls].some((failed) => failed?.complaint === 'redis-refuses');
}

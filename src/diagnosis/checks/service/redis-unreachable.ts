import type { Check } from '../check.ts';
import { complaintIn, isRecent, quoteOf } from '../evidence/log-complaints.ts';

/**
 * The registry's cache is down. The registry continues without it: pulls and pushes work, only slower (seen with
 * distribution 2.8.2).
 */
export const redisUnreachable: Check<'redis-unreachable'> = {
  id: 'redis-unreachable',
  look({ facts }) {
    const complaint = complaintIn(facts, 'redis');
    if (complaint === null || !isRecent(facts, complaint.lastAt)) return [];
    return [{ id: 'redis-unreachable', severity: 'warning', proof: 'evaluated', path: null, said: quoteOf(complaint) }];
  },
};

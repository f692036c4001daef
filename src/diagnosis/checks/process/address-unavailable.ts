import type { Check } from '../check.ts';
import { listensBy } from '../evidence/listen-address.ts';
import { complaintOfThisStart, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

/**
 * No interface of the host has the address: bind(2) gives EADDRNOTAVAIL and the registry ends ("cannot assign requested
 * address").
 */
export const addressUnavailable: Check<'address-unavailable'> = {
  id: 'address-unavailable',
  look({ facts }) {
    const complaint = servesNoOne(facts) ? complaintOfThisStart(facts, 'address-unavailable') : null;
    if (complaint === null) return [];
    const listens = listensBy(facts, complaint.words);
    return [
      {
        id: 'address-unavailable',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        ...listens,
        said: quoteOf(complaint),
      },
    ];
  },
};

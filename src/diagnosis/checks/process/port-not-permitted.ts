import { knownValue } from '../../../model/fact.ts';
import type { Check } from '../check.ts';
import { listensBy, portOf } from '../evidence/listen-address.ts';
import { complaintOfThisStart, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

/**
 * bind(2) gives EACCES: the port is below ip_unprivileged_port_start and the process has no CAP_NET_BIND_SERVICE
 * (capabilities(7)), or a security module does not let its domain listen there (name_bind of SELinux).
 */
export const portNotPermitted: Check<'port-not-permitted'> = {
  id: 'port-not-permitted',
  look({ facts }) {
    const complaint = servesNoOne(facts) ? complaintOfThisStart(facts, 'port-not-permitted') : null;
    if (complaint === null) return [];
    const listens = listensBy(facts, complaint.words);
    return [
      {
        id: 'port-not-permitted',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        ...listens,
        port: portOf(listens.address),
        unprivilegedPorts: knownValue(knownValue(facts.service)?.unprivilegedPorts),
        said: quoteOf(complaint),
      },
    ];
  },
};

import { knownValue } from '../../../model/fact.ts';
import type { Check } from '../check.ts';
import { causesOfAbort, quoteOf, START_CAUSES } from '../evidence/log-complaints.ts';
import { lacksOmnibus } from '../evidence/omnibus.ts';
import { abortsOf, supervisionOf } from './restart-loop.ts';

/**
 * No registry process exists, and nothing answers in its place (proc(5)). Without the Omnibus GitLab that the config
 * expects, `storage-root-unknown` tells that the layout is wrong.
 */
export const serviceNotRunning: Check<'service-not-running'> = {
  id: 'service-not-running',
  consequenceOf: (finding) => [
    ...START_CAUSES,
    'restart-loop',
    ...(finding.id === 'service-not-running' ? causesOfAbort(finding.complaint) : []),
  ],
  look({ facts }) {
    if (facts.process.state !== 'absent' || facts.v2.state === 'known' || lacksOmnibus(facts)) return [];
    const aborts = abortsOf(facts);
    return [
      {
        id: 'service-not-running',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        serviceUser: knownValue(facts.account)?.user ?? null,
        state: supervisionOf(facts)?.state ?? null,
        lastWords: aborts && quoteOf(aborts),
        complaint: aborts?.complaint ?? null,
      },
    ];
  },
};

import type { Facts } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import type { Check } from '../check.ts';
import { lacksOmnibus } from '../evidence/omnibus.ts';
import { isOtherMeant } from './storage-root-unknown.ts';

/**
 * The identity of the running registry is unknown. For a stopped registry its account is used instead. A running
 * process can have other groups than its account (credentials(7)), so there the account proves nothing. If the settings name the
 * config file of no running registry, `storage-root-unknown` tells that.
 */
export const identityUnknown: Check<'identity-unknown'> = {
  id: 'identity-unknown',
  inconclusive: true,
  consequenceOf: ['port-taken'],
  look({ facts }) {
    const why = whyUnknown(facts);
    return why === null ? [] : [{ id: 'identity-unknown', severity: 'warning', proof: 'unproven', path: null, why }];
  },
};

function whyUnknown(facts: Facts): Reason | null {
  if (facts.process.state === 'known' || lacksOmnibus(facts) || isOtherMeant(facts)) return null;
  const { process, account, v2 } = facts;
  if (process.state === 'unknown') return { code: 'process-unknown', because: process.why };
  if (v2.state === 'known') return { code: 'registry-without-process' };
  if (account.state === 'unknown') return { code: 'account-unknown', because: account.why };
  return account.state === 'absent' ? { code: 'neither-process-nor-account' } : null;
}

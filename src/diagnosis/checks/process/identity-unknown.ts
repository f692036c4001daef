import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';

/**
 * The identity of the running registry is not known. Its account may stand in for a registry that is not running, but a
 * process may hold other groups than its account (credentials(7)), so the account proves nothing for a running one.
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

function whyUnknown({ process, account, v2 }: Facts): string | null {
  if (process.state === 'known') return null;
  if (process.state === 'unknown') return `the registry process: ${process.why}`;
  if (v2.state === 'known') return 'a registry answers, but no process of one was found';
  if (account.state === 'unknown') return `the account of the registry: ${account.why}`;
  return account.state === 'absent' ? 'no registry process runs, and its account does not exist' : null;
}

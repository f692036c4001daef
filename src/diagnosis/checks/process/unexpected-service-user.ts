import { processOfOtherAccount } from '../../access/kernel/service-account.ts';
import type { Check } from '../check.ts';

/**
 * The process with this config has another uid than the account that the settings name. Access is judged for the
 * process. A person has to say whether it is the registry, or a copy that someone started by hand; until then no plan
 * is made.
 */
export const unexpectedServiceUser: Check<'unexpected-service-user'> = {
  id: 'unexpected-service-user',
  look({ facts }) {
    const other = processOfOtherAccount(facts);
    if (other === null) return [];
    const { pid, identity } = other.process;
    return [
      {
        id: 'unexpected-service-user',
        severity: 'warning',
        proof: 'evaluated',
        path: null,
        pid,
        user: identity.user,
        uid: identity.uid,
        account: other.account.user,
        accountUid: other.account.uid,
      },
    ];
  },
};

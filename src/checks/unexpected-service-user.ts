import type { Check } from './check.ts';

/**
 * The process that runs with this config has another uid than the account that the settings name. What is judged is the
 * process; whether it is the registry at all, or a copy that somebody started by hand, a person has to say. In a container the
 * accounts of the host mean nothing.
 */
export const unexpectedServiceUser: Check = {
  id: 'unexpected-service-user',
  look({ facts: { process, account } }) {
    if (process.state !== 'known' || account.state !== 'known') return [];
    const { pid, identity, mountNamespace } = process.value;
    if (identity.uid === account.value.uid || mountNamespace === 'other') return [];
    return [
      {
        id: 'unexpected-service-user',
        severity: 'warning',
        proof: 'evaluated',
        path: null,
        pid,
        user: identity.user,
        uid: identity.uid,
        account: account.value.user,
        accountUid: account.value.uid,
      },
    ];
  },
};

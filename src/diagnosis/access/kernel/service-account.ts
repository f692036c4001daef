import type { Facts, Identity, ServiceProcess } from '../../../model/host/facts.ts';

/**
 * The process that is judged, where it belongs to somebody else than the account that the settings name; else null. In a mount namespace
 * of its own the host's accounts mean nothing, and only root can have made it; unless it has a user namespace, too: those anybody can
 * make (user_namespaces(7)).
 */
export function processOfOtherAccount({
  process,
  account,
}: Facts): { readonly process: ServiceProcess; readonly account: Identity } | null {
  if (process.state !== 'known' || account.state !== 'known') return null;
  const { identity, mountNamespace, userNamespace } = process.value;
  const isMadeByRoot = mountNamespace === 'other' && userNamespace !== 'other';
  if (identity.uid === account.value.uid || isMadeByRoot) return null;
  return { process: process.value, account: account.value };
}

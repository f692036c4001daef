import type { Facts, Identity, ServiceProcess } from '../../../model/host/facts.ts';

/**
 * The judged process, if it belongs to another account than the settings name, otherwise null. In a private mount
 * namespace the host's accounts mean nothing, and only root can have made it, unless it also has a user namespace:
 * anyone can make those (user_namespaces(7)).
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

import type { Facts, Identity, ServiceProcess } from '../../../model/host/facts.ts';

/**
 * The judged process, if it belongs to another account than the settings name, otherwise null. A process in a mount
 * namespace of its own is not compared: its accounts are not the host's, and only root can have made the namespace.
 * With a user namespace anyone can make one (user_namespaces(7)), so then it is compared.
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

import type { HostCheckName } from '../../model/host/host-check.ts';
import type { NotConnectedReason } from '../ports/host.ts';

/** The checks of every connection, whatever runs then. */
export const CONNECTION_CHECKS = [
  'key',
  'known-hosts',
  'reach',
  'host-key',
  'login',
] as const satisfies readonly HostCheckName[];

/** The check that failed if no connection was made. */
export const CHECK_FAILED_BY: Record<NotConnectedReason, HostCheckName> = {
  'login-key-unusable': 'key',
  'known-hosts-unreadable': 'known-hosts',
  'host-unreachable': 'reach',
  'host-key-mismatch': 'host-key',
  'authentication-failed': 'login',
};

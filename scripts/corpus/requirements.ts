import type { Requirement } from '../../test/support/requirements.ts';

/** What the machine must have for the corpus. */
export const NEEDED: readonly Requirement[] = [
  'linux',
  'root',
  'mount-namespaces',
  'docker-registry',
  'setpriv',
  'acl',
  'lsattr',
  'mkfs.ext4',
  'sshd',
  'busybox',
  'bash',
  'curl',
  'openssl',
];

import type { Requirement } from '../../test/support/requirements.ts';

/** What the machine has to have that plays the hosts. */
export const NEEDED: readonly Requirement[] = [
  'linux',
  'root',
  'sshd',
  'ssh-keygen',
  'sudo',
  'acl',
  'docker-registry',
  'busybox',
  'mount-namespaces',
];

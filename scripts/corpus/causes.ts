/** The causes that are seen in the field, in the order of the table that is printed. */
export const CAUSES = {
  healthy: 'nothing wrong, however odd it looks',
  ancestor: 'an ancestor that the service may not pass',
  'storage-root': 'a storage root that the service may not use',
  owner: 'wrong owner after a restore or a move',
  acl: 'an ACL: a mask, a named deny',
  'uid-drift': 'the ids of the service moved',
  link: 'a link that leads nowhere, or in circles',
  'missing-mount': 'a disk that is not mounted, or another one',
  'old-mounts': 'the process still sees old mounts',
  'read-only': 'remounted read-only',
  full: 'no space or no inodes',
  immutable: 'immutable or append-only',
  'mount-options': 'mount options that deny',
  'not-running': 'the service is down, or restarts again and again',
  'port-taken': 'its port is taken',
  maintenance: 'maintenance mode',
  backend: 'database, redis, object storage, token certificate, clock',
  'health-off': 'the health check switched off',
  'world-writable': 'the footprint of a chmod -R 777',
  mixed: 'several of these at once',
} as const;
export type Cause = keyof typeof CAUSES;

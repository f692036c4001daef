import type { HostRow } from '../row.ts';

/** Hosts at one of their limits. */

function limit(id: string, what: string, afterSetup: string): HostRow {
  return { id, group: 'limits', what, afterSetup };
}

export const LIMIT_ROWS: readonly HostRow[] = [
  limit('tmp-noexec', '/tmp is noexec', 'mount -o remount,noexec,nosuid,nodev /tmp'),
  limit('tmp-full', '/tmp is full', 'cat /dev/zero >/tmp/full 2>/dev/null || :'),
  limit('tmp-missing', '/tmp is not there', 'umount /tmp; rmdir /tmp'),
  limit(
    'home-missing',
    'the home directory is not there',
    `
    for user in registry-doctor registry-doctor-guard; do mkdir -p /etc/rd/keys; cp /home/$user/.ssh/authorized_keys /etc/rd/keys/$user; done
    rm -rf /home/registry-doctor /home/registry-doctor-guard`,
  ),
  limit(
    'no-files',
    'ulimit -n 64',
    `printf '%s\\n' '#!/bin/sh' 'ulimit -n 64' 'exec /bin/sh "$@"' >/bin/limited; chmod 755 /bin/limited
    sed -i -E 's#^(registry-doctor(-guard)?:.*):[^:]*$#\\1:/bin/limited#' /etc/passwd`,
  ),
  limit('hidepid', 'hidepid=2', 'mount -o remount,hidepid=2 /proc'),
  {
    ...limit('hidepid-without-sudo', 'hidepid=2, and "sudo: false" in the config', 'mount -o remount,hidepid=2 /proc'),
    withoutSudo: true,
  },
  limit(
    'mounts',
    '3,000 mounts',
    'mkdir /mnt/many; mount -t tmpfs tmpfs /mnt/many; i=0; while [ $i -lt 3000 ]; do mkdir /mnt/many/$i; mount --bind /etc/rd /mnt/many/$i; i=$((i + 1)); done',
  ),
  limit(
    'processes',
    '5,000 processes',
    'i=0; while [ $i -lt 5000 ]; do sleep 600 >/dev/null 2>&1 & i=$((i + 1)); done',
  ),
  limit(
    'log',
    'a log of 2 GB',
    'mkdir -p /var/log/gitlab/registry; truncate -s 2G /var/log/gitlab/registry/current; echo "time=\\"2026-01-01T00:00:00Z\\" level=error msg=last" >>/var/log/gitlab/registry/current',
  ),
  limit(
    'entries',
    '200,000 entries in the storage',
    `cd /srv/vol1/ops/disk4t/gitlab-rails/shared/registry; mkdir -p docker/registry/v2/repositories docker/registry/v2/blobs/sha256/aa; cd docker/registry/v2/blobs/sha256/aa
    seq 1 200000 | xargs touch; chown -R 902:902 /srv/vol1/ops/disk4t/gitlab-rails/shared/registry`,
  ),
  limit(
    'record-full',
    'the disk of the guard’s record is full',
    'mkdir -p /var/lib/registry-doctor; mount -t tmpfs -o size=4k,mode=0700 tmpfs /var/lib/registry-doctor; cat /dev/zero >/var/lib/registry-doctor/full 2>/dev/null || :',
  ),
];

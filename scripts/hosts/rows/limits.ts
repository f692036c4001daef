import { HostPath } from '../../../src/model/host/host-path.ts';
import type { HostRow } from '../row.ts';

/** Hosts at one of their limits. */

function limit(id: string, what: string, afterSetup: string): HostRow {
  return { id, group: 'limits', what, afterSetup };
}

/** A second registry of the same account, with a storage of its own, before or after the one of the flow. */
const SECOND_REGISTRY = `
mkdir -p /srv/second
chown 902:902 /srv/second
sed -e 's#rootdirectory:.*#rootdirectory: /srv/second#' -e 's#127.0.0.1:[0-9]*#127.0.0.1:0#' /etc/docker/registry/config.yml >/etc/docker/registry/second.yml
setpriv --reuid 902 --regid 902 --clear-groups docker-registry serve /etc/docker/registry/second.yml >/dev/null 2>&1 &
sleep 1
`;

const HIDEPID = 'mount -o remount,hidepid=2 /proc';

/** The accounts' keys stand elsewhere, as on hosts that sshd reads them from a central place. */
const HOME_MISSING = `
for user in registry-doctor registry-doctor-guard; do
  mkdir -p /etc/rd/keys
  cp /home/$user/.ssh/authorized_keys /etc/rd/keys/$user
  chown $user /etc/rd/keys/$user
done
rm -rf /home/registry-doctor /home/registry-doctor-guard
`;

const FEW_FILES = `
printf '%s\\n' '#!/bin/sh' 'ulimit -n 64' 'exec /bin/sh "$@"' >/bin/limited
chmod 755 /bin/limited
sed -i -E 's#^(registry-doctor(-guard)?:.*):[^:]*$#\\1:/bin/limited#' /etc/passwd
`;

const MOUNTS = `
mkdir /mnt/many
mount -t tmpfs tmpfs /mnt/many
for i in $(seq 3000); do mkdir /mnt/many/$i; mount --bind /etc/rd /mnt/many/$i; done
`;

const LOG = `
mkdir -p /var/log/gitlab/registry
truncate -s 2G /var/log/gitlab/registry/current
echo 'time="2026-01-01T00:00:00Z" level=error msg=last' >>/var/log/gitlab/registry/current
`;

const ENTRIES = `
cd /srv/vol1/ops/disk4t/gitlab-rails/shared/registry
mkdir -p docker/registry/v2/repositories docker/registry/v2/blobs/sha256/aa
cd docker/registry/v2/blobs/sha256/aa
seq 200000 | xargs touch
chown -R 902:902 /srv/vol1/ops/disk4t/gitlab-rails/shared/registry
`;

export const LIMIT_ROWS: readonly HostRow[] = [
  limit('tmp-noexec', '/tmp is noexec', 'mount -o remount,noexec,nosuid,nodev /tmp'),
  limit('tmp-full', '/tmp is full', 'cat /dev/zero >/tmp/full 2>/dev/null || :'),
  limit('tmp-readonly', '/tmp is read-only', 'mount -o remount,ro /tmp'),
  {
    ...limit('home-missing', 'the home directory is not there', HOME_MISSING),
    sshd: ['AuthorizedKeysFile /etc/rd/keys/%u'],
  },
  limit('few-files', 'ulimit -n 64', FEW_FILES),
  limit('hidepid', 'hidepid=2', HIDEPID),
  {
    ...limit('hidepid-without-sudo', 'hidepid=2, and "sudo: false" in the config', HIDEPID),
    withoutSudo: true,
    ways: ['trial'],
  },
  { ...limit('mounts', '3,000 mounts', MOUNTS), isHeavy: true },
  {
    ...limit('processes', '5,000 processes', 'for i in $(seq 5000); do sleep 600 >/dev/null 2>&1 & done'),
    isHeavy: true,
  },
  { ...limit('log', 'a log of 2 GB', LOG), isHeavy: true },
  { ...limit('entries', '200,000 entries in the storage', ENTRIES), isHeavy: true },
  {
    ...limit(
      'record-full',
      'the disk of the guard’s record is full',
      'mount -o remount,size=4k /var/lib/registry-doctor; cat /dev/zero >/var/lib/registry-doctor/full 2>/dev/null || :',
    ),
  },
  limit('two-registries', 'two registries, and the config names the broken one', SECOND_REGISTRY),
  {
    ...limit(
      'two-registries-unnamed',
      'two registries, and the config names the config file of neither',
      SECOND_REGISTRY,
    ),
    settings: (host) => ({
      ...host,
      registry: { ...host.registry, config: HostPath.parse('/etc/docker/registry/third.yml') },
    }),
  },
];

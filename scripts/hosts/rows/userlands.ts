import type { HostRow } from '../row.ts';

/** Whole userlands, and single programs of another make that come first in PATH. */

const DEBIAN = `dpkg-query -W -f '\${Package} \${Version}, ' util-linux coreutils dash openssh-server sudo`;

/**
 * Every program but those of the login and the registry is busybox. `useradd` and `getent` stay for `host setup`: on
 * Alpine they come from packages of their own.
 */
const ONLY_BUSYBOX = `
cp "$(command -v busybox)" /busybox-only
mkdir /kept
for program in sshd sshd-session sudo visudo docker-registry ssh-keygen useradd getent install unix_chkpwd dropbear dropbearkey; do
  for place in /usr/sbin /usr/bin; do [ ! -e $place/$program ] || cp -p $place/$program /kept/; done
done
/busybox-only rm -rf /usr/sbin/* /usr/bin/*
/busybox-only cp -p /kept/* /usr/bin/
for program in sshd sshd-session unix_chkpwd; do [ ! -e /kept/$program ] || /busybox-only cp -p /kept/$program /usr/sbin/; done
/busybox-only cp /busybox-only /usr/bin/busybox
/busybox-only --list | while read -r program; do [ -e /usr/bin/$program ] || /busybox-only ln -s busybox /usr/bin/$program; done
/busybox-only | /busybox-only head -n 1
`;

/** Puts other programs before all of the same name in the guard's PATH. */
function first(programs: Readonly<Record<string, string>>): string {
  return Object.entries(programs)
    .map(([name, program]) => `ln -sf ${program} /usr/sbin/${name}`)
    .join('\n');
}

/** The options that util-linux 2.23 and coreutils 8.22 do not have yet, by their release notes, refused as those did. */
const AS_ON_RHEL_7 = `
wrap() {
  name=$1 options=$2
  mv "$(command -v $name)" /usr/bin/$name.real
  printf '%s\\n' '#!/bin/sh' 'for word; do case $word in --) break ;; '"$options"') echo "'$name': unrecognized option '\\''$word'\\''" >&2; exit 1 ;; esac; done' \\
    "exec /usr/bin/$name.real "'"$@"' >/usr/sbin/$name
  chmod 755 /usr/sbin/$name
}
wrap setpriv '--ambient-caps*|--pdeathsig*|--init-groups*|--reset-env'
wrap date '--rfc-email|--debug'
wrap ls '--zero'
mv /usr/sbin/setpriv /usr/sbin/setpriv.options
printf '%s\\n' '#!/bin/sh' 'case $1 in --help) /usr/bin/setpriv.real --help | grep -v -e ambient-caps -e pdeathsig -e reset-env; exit ;; esac' 'exec /usr/sbin/setpriv.options "$@"' >/usr/sbin/setpriv
chmod 755 /usr/sbin/setpriv
`;

/** This machine's needs a newer C library. */
const OLD_REGISTRY = ['docker-registry'];

const AWKS = {
  mawk: { packages: [], program: '/usr/bin/mawk', version: '/usr/bin/mawk -W version 2>&1 | head -n 1' },
  gawk: { packages: ['gawk', 'libsigsegv2'], program: '/usr/bin/gawk', version: '/usr/bin/gawk --version | head -n 1' },
  'original-awk': {
    packages: ['original-awk'],
    program: '/usr/bin/original-awk',
    version: '/usr/bin/original-awk -version',
  },
  busybox: { packages: [], program: '/usr/bin/busybox', version: 'busybox | head -n 1' },
};

const awks: readonly HostRow[] = Object.entries(AWKS).map(([name, { packages, program, version }]) => ({
  id: `awk-${name}`,
  group: 'userland',
  what: `${name} is the awk`,
  packages,
  prepare: `${first({ awk: program })}\n${version}`,
}));

export const USERLANDS: readonly HostRow[] = [
  { id: 'debian-11', group: 'userland', what: 'Debian 11', root: 'bullseye', packages: OLD_REGISTRY, prepare: DEBIAN },
  { id: 'debian-12', group: 'userland', what: 'Debian 12', prepare: DEBIAN },
  { id: 'debian-13', group: 'userland', what: 'Debian 13', root: 'trixie', prepare: DEBIAN },
  {
    id: 'busybox-flock',
    group: 'userland',
    what: 'busybox only, and flock',
    prepare: ONLY_BUSYBOX.replace(
      'for program in sshd sshd-session sudo',
      'for program in flock sshd sshd-session sudo',
    ),
  },
  {
    id: 'busybox-1.30',
    group: 'userland',
    what: 'busybox only, as Debian 11 has it',
    root: 'bullseye',
    packages: OLD_REGISTRY,
    prepare: ONLY_BUSYBOX,
  },
  { id: 'busybox-1.35', group: 'userland', what: 'busybox only, as Debian 12 has it', prepare: ONLY_BUSYBOX },
  {
    id: 'busybox-1.37',
    group: 'userland',
    what: 'busybox only, as Debian 13 has it',
    root: 'trixie',
    prepare: ONLY_BUSYBOX,
  },
  {
    id: 'rust-coreutils-0.0.17',
    group: 'userland',
    what: 'Rust coreutils of Debian 12 before all others',
    packages: ['rust-coreutils'],
    prepare: RUST_FIRST(),
  },
  {
    id: 'rust-coreutils-0.0.30',
    group: 'userland',
    what: 'Rust coreutils of Debian 13 before all others',
    root: 'trixie',
    packages: ['rust-coreutils', 'libonig5'],
    prepare: RUST_FIRST(),
  },
  {
    id: 'toybox',
    group: 'userland',
    what: 'toybox before all others',
    packages: ['toybox'],
    prepare: `for program in $(toybox); do [ $program = sh ] || ln -sf toybox /usr/bin/$program; done; toybox --version`,
  },
  {
    id: 'rhel-7-options',
    group: 'userland',
    what: 'Debian 12 without the options that util-linux 2.23 (RHEL 7) does not have',
    prepare: AS_ON_RHEL_7,
  },
  {
    id: 'sh-bash',
    group: 'userland',
    what: '/bin/sh is bash',
    prepare: 'ln -sf bash /bin/sh; bash --version | head -n 1',
  },
  {
    id: 'sh-mksh',
    group: 'userland',
    what: '/bin/sh is mksh',
    packages: ['mksh'],
    prepare: `ln -sf mksh /bin/sh; mksh -c 'echo "$KSH_VERSION"'`,
  },
  ...awks,
];

function RUST_FIRST(): string {
  return `for program in /usr/lib/cargo/bin/coreutils/*; do ln -sf "$program" /usr/bin/; done; stat --version | head -n 1`;
}

import type { HostRow } from '../row.ts';

/** sudo as administrators set it up, and what is there in its place. */

function defaults(...settings: readonly string[]): string {
  return `printf 'Defaults %s\\n' ${settings.map((setting) => `'${setting}'`).join(' ')} >/etc/sudoers.d/zz-row; chmod 0440 /etc/sudoers.d/zz-row; visudo -cqf /etc/sudoers.d/zz-row`;
}

const SUDO = 'sudo -V | head -n 1';

function withDefaults(id: string, ...settings: readonly string[]): HostRow {
  return { id, group: 'sudo', what: `sudo: ${settings.join(', ')}`, prepare: SUDO, afterSetup: defaults(...settings) };
}

export const SUDO_ROWS: readonly HostRow[] = [
  withDefaults('sudo-requiretty', 'requiretty'),
  {
    ...withDefaults('sudo-requiretty-early', 'requiretty'),
    what: 'sudo: requiretty, read before the lines of host setup',
    afterSetup: `${defaults('requiretty')}; mv /etc/sudoers.d/zz-row /etc/sudoers.d/aa-row`,
  },
  withDefaults('sudo-use-pty', 'use_pty'),
  withDefaults('sudo-log-output', 'log_output', 'log_input'),
  withDefaults('sudo-log-and-pty', 'log_output', 'log_input', 'use_pty'),
  withDefaults('sudo-lecture', 'lecture=always'),
  withDefaults('sudo-mail', 'mail_always', 'mailerpath=/bin/false'),
  {
    id: 'sudo-unresolved',
    group: 'sudo',
    what: 'sudo: unable to resolve host',
    prepare: SUDO,
    afterSetup:
      'echo "127.0.0.1 localhost" >/etc/hosts; hostname nowhere; printf "hosts: files\\n" >/etc/nsswitch.conf.new; sed -e "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf >/etc/nsswitch.conf.new; mv /etc/nsswitch.conf.new /etc/nsswitch.conf',
  },
  {
    id: 'sudo-unresolved-refused',
    group: 'sudo',
    what: 'sudo: unable to resolve host, and a password is required',
    prepare: SUDO,
    afterSetup:
      'echo "127.0.0.1 localhost" >/etc/hosts; hostname nowhere; sed -i -e "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf; rm /etc/sudoers.d/registry-doctor*',
  },
  {
    id: 'sudo-refused',
    group: 'sudo',
    what: 'sudo requires a password',
    prepare: SUDO,
    afterSetup: 'rm /etc/sudoers.d/registry-doctor*',
  },
  {
    id: 'sudo-refused-noisy',
    group: 'sudo',
    what: 'sudo requires a password, and a start file prints',
    prepare: SUDO,
    afterSetup: `rm /etc/sudoers.d/registry-doctor*
sed -i -E 's#^(registry-doctor(-guard)?:.*):[^:]*$#\\1:/bin/bash#' /etc/passwd
for home in /home/registry-doctor /home/registry-doctor-guard; do echo 'echo "Welcome to git01!"' >$home/.bashrc; done`,
  },
  { id: 'no-sudo', group: 'sudo', what: 'no sudo', afterSetup: 'rm -f /usr/bin/sudo /bin/sudo' },
  {
    id: 'without-sudo',
    group: 'sudo',
    what: 'no sudo, and "sudo: false" in the config',
    withoutSudo: true,
    afterSetup: 'rm -f /usr/bin/sudo /bin/sudo',
  },
  {
    id: 'doas',
    group: 'sudo',
    what: 'doas in place of sudo',
    packages: ['opendoas'],
    prepare: 'chmod 4755 /usr/bin/doas; echo permit nopass registry-doctor as root >/etc/doas.conf; echo opendoas',
    afterSetup: 'rm -f /usr/bin/sudo /bin/sudo',
  },
  {
    id: 'doas-as-sudo',
    group: 'sudo',
    what: 'sudo is a symlink to doas',
    packages: ['opendoas'],
    prepare:
      'chmod 4755 /usr/bin/doas; echo permit nopass registry-doctor as root >/etc/doas.conf; echo permit nopass registry-doctor-guard as root >>/etc/doas.conf; echo opendoas',
    afterSetup: 'rm -f /usr/bin/sudo /bin/sudo; ln -s doas /usr/bin/sudo',
  },
  {
    id: 'sudo-rs',
    group: 'sudo',
    what: 'sudo-rs as sudo',
    root: 'trixie',
    packages: ['sudo-rs'],
    prepare: 'rm -f /usr/bin/sudo; ln -s sudo-rs /usr/bin/sudo; chmod 4755 /usr/lib/cargo/bin/sudo; sudo --version',
  },
];

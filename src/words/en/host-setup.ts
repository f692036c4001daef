import type { HostSettings } from '../../model/settings.ts';

export type HostSetup = {
  readonly host: HostSettings;
  /** As it stands in its .pub file; null when there is none beside the private key. */
  readonly publicKey: string | null;
  readonly knownHosts: string;
  readonly configFile: string;
};

/** What to install on a host, step by step, with what each step amounts to. */
export function hostSetupText(setup: HostSetup): string {
  const { host } = setup;
  const isRoot = host.ssh.user === 'root';
  const steps = [
    packages(host),
    ...(isRoot ? [] : [account(host)]),
    authorizedKey(setup),
    ...(isRoot ? [] : [host.ssh.sudo ? sudoers(host) : withoutSudo(host)]),
    knownHost(setup),
    lastly(setup),
  ];
  const numbered = steps.map(([title, ...lines], index) => [`${index + 1}. ${title}`, ...lines].join('\n'));
  return `${[`# What ${host.name} needs, so that Registry Doctor can look at it and mend it`, ...numbered, amounts(host)].join('\n\n')}\n`;
}

type Step = readonly [title: string, ...lines: string[]];

function packages({ name }: HostSettings): Step {
  return [
    `On ${name}: tools that make the diagnosis sure`,
    '   apt-get install acl util-linux curl        # Debian, Ubuntu',
    '   dnf install acl util-linux curl            # Red Hat and its kin',
    '   Without acl and util-linux some things stay unknown, and the report says which.',
  ];
}

function account({ name, ssh }: HostSettings): Step {
  const user = shellWord(ssh.user);
  return [
    `On ${name}, as root: an account of its own, without a password`,
    `   useradd --system --create-home --shell /bin/sh --password '*' ${user}`,
  ];
}

function authorizedKey({ host, publicKey }: HostSetup): Step {
  const user = shellWord(host.ssh.user);
  const line = `restrict ${publicKey ?? 'PUBLIC-KEY'}`;
  return [
    `On ${host.name}, as root: the key may log in and run commands; it gets no terminal and no forwarding`,
    `   home=$(getent passwd ${user} | cut -d: -f6)`,
    `   install -d -m 0700 -o ${user} -g "$(id -gn ${user})" "$home/.ssh"`,
    `   printf '%s\\n' ${shellWord(line)} >> "$home/.ssh/authorized_keys"`,
    `   chown ${user} "$home/.ssh/authorized_keys" && chmod 0600 "$home/.ssh/authorized_keys"`,
    ...(publicKey === null ? [whereTheKeyIs(host)] : []),
  ];
}

function whereTheKeyIs({ ssh }: HostSettings): string {
  return ssh.identityFile === null
    ? '   PUBLIC-KEY is the one that the agent holds. Where the bot runs, this prints it: ssh-add -L'
    : `   PUBLIC-KEY is what this prints, where the bot runs: ssh-keygen -y -f ${shellWord(ssh.identityFile)}`;
}

/**
 * What the bot runs, word for word, but for the number of seconds (see src/ssh/remote-command.ts). A command that enters a
 * container goes without its form for hosts that have no timeout: sudoers(5) wants whole paths.
 */
function sudoers({ name, ssh, enter }: HostSettings): Step {
  const user = sudoersWord(ssh.user);
  const timed = ['/usr/bin/timeout -k 5 [0-9]*', ...enter.map(sudoersArgument), '/bin/sh -s'].join(' ');
  return [
    `On ${name}, as root: what the bot runs, and no other command, without a password`,
    `   visudo -f /etc/sudoers.d/registry-doctor   # and put in these lines:`,
    `   Defaults:${user} !requiretty, env_reset, secure_path="/usr/sbin:/usr/bin:/sbin:/bin"`,
    `   ${user} ALL=(root) NOPASSWD: ${enter.length > 0 ? timed : `${timed}, /bin/sh -s`}`,
  ];
}

function withoutSudo({ name, ssh }: HostSettings): Step {
  return [
    `${name} has "sudo: false" in the config`,
    `   Then Registry Doctor sees what ${ssh.user} sees, says "unknown" of all else, and can mend nothing.`,
    '   With "sudo: true" this command prints the sudoers lines as well.',
  ];
}

function knownHost({ host, knownHosts }: HostSetup): Step {
  const { address, port } = host.ssh;
  return [
    "Where the bot runs: the host's keys, so that nobody else can pass for it",
    `   ssh-keyscan -p ${port} ${shellWord(address)} > new-keys`,
    '   ssh-keygen -lf new-keys',
    `   The same fingerprints have to be shown on ${host.name} itself, at its console:`,
    '   for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done',
    `   If they are, and only then: cat new-keys >> ${shellWord(knownHosts)}`,
  ];
}

function lastly({ host, configFile }: HostSetup): Step {
  return [
    'Try it',
    `   registry-doctor check --config ${shellWord(configFile)}`,
    `   registry-doctor diagnose ${host.name} --config ${shellWord(configFile)}`,
  ];
}

/** Nobody should install this and think that it is less than it is. */
function amounts({ name, ssh }: HostSettings): string {
  if (ssh.user !== 'root' && !ssh.sudo) {
    return `What this amounts to: whoever holds the key can do on ${name} what ${ssh.user} can.`;
  }
  return [
    `What this amounts to: the bot sends its scripts to a root shell, so whoever holds the key is root on ${name}.`,
    'The lines above keep other commands out, but not that. Keep the key where only the bot can read it.',
  ].join('\n');
}

const BARE = /^[A-Za-z0-9_/.:@%+-]+$/;

function shellWord(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A user's name in sudoers(5), where these have a meaning. */
function sudoersWord(text: string): string {
  return text.replace(/[\\,:=!"@ ()#%]/g, '\\$&');
}

/** The same for an argument of a command, where wildcards have a meaning too. */
function sudoersArgument(text: string): string {
  return sudoersWord(text).replace(/[*?[\]]/g, '\\$&');
}

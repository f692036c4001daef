import type { HostSettings } from '../../model/settings/settings.ts';
import {
  fingerprintCommand,
  type HostSetup,
  keyscanCommand,
  knownKeysCommand,
  missingKeys,
  needsSudo,
  type Step,
  trialCommands,
} from '../host-setup.ts';
import { shellWord, sudoersCommands, sudoersInstalled } from '../setup-words.ts';
import { guardAmounts, guardSteps } from './guard-setup.ts';
import { authorizedKey, makeKeys } from './setup-step.ts';

/** What to install on a host, step by step, with what each step amounts to. */
export function hostSetupText(setup: HostSetup): string {
  const { host } = setup;
  const isRoot = host.ssh.user === 'root';
  const steps = [
    ...makeKeys(missingKeys(setup)),
    packages(host),
    ...(isRoot ? [] : [account(host)]),
    ...(host.guard === null ? trialSteps(setup) : guardSteps(setup, host.guard)),
    ...knownHost(setup),
    lastly(setup),
  ];
  const numbered = steps.map(([title, ...lines], index) => [`${index + 1}. ${title}`, ...lines].join('\n'));
  return `${[`# What ${host.name} needs for Registry Doctor`, ...numbered, amounts(host)].join('\n\n')}\n`;
}

function trialSteps(setup: HostSetup): readonly Step[] {
  const { host } = setup;
  if (host.ssh.user === 'root') return [authorizedKey(setup, 'restrict')];
  return [authorizedKey(setup, 'restrict'), ...(host.ssh.sudo ? [sudoers(host)] : [])];
}

function packages(host: HostSettings): Step {
  const sudo = needsSudo(host) ? ' sudo' : '';
  return [
    `On ${host.name}, as root: install the tools that the diagnosis uses`,
    `   apt-get install acl util-linux curl openssh-client${sudo}     # Debian, Ubuntu`,
    `   dnf install acl util-linux curl openssh${sudo}                # RHEL, Rocky, Alma, Fedora`,
    '   Without acl and util-linux some things stay unknown, and the report says which; ssh-keygen checks signatures.',
  ];
}

function account({ name, ssh }: HostSettings): Step {
  const user = shellWord(ssh.user);
  return [
    `On ${name}, as root: create an account for the bot, without a password`,
    `   useradd --system --create-home --shell /bin/sh --password '*' ${user}`,
    '   If it says that the user exists, because the bot runs on the same machine: give "user:" in the config another name.',
  ];
}

/** The sudoers lines of a trial. */
function sudoers({ name, ssh, enter }: HostSettings): Step {
  return [
    `On ${name}, as root: what the bot runs, and no other command, without a password`,
    ...sudoersInstalled(ssh.user, sudoersCommands(enter)),
  ];
}

/** Three steps, because the middle one is on another machine. */
function knownHost(setup: HostSetup): readonly Step[] {
  const { host, knownHosts } = setup;
  return [
    [
      'On the bot’s machine, as root: fetch the host’s SSH key',
      '   new=$(mktemp)',
      `   ${keyscanCommand(host.ssh)} > "$new"`,
      '   ssh-keygen -lf "$new"',
      `   Is it saved already, as after a trial? Then skip this step and the next two. To see it: ${knownKeysCommand(setup)}`,
    ],
    [`On the console of ${host.name} itself: show the fingerprints`, `   ${fingerprintCommand(null)}`],
    [
      'On the bot’s machine, in the same shell, only if the fingerprints are the same: save the key',
      `   cat "$new" >> ${shellWord(knownHosts)}`,
      '   rm "$new"',
    ],
  ];
}

function lastly(setup: HostSetup): Step {
  const title = setup.isRoot ? 'On the bot’s machine, as root: try it as the bot’s user' : 'Try it';
  return [title, ...trialCommands(setup).map((command) => `   ${command}`)];
}

/** Says what someone who gets the key can do. */
function amounts(host: HostSettings): string {
  if (host.guard !== null) return guardAmounts(host, host.guard);
  const { name, ssh } = host;
  if (ssh.user !== 'root' && !ssh.sudo) {
    return [
      `What this amounts to: anyone who has the key can do on ${name} what ${ssh.user} can.`,
      `With "sudo: false" Registry Doctor sees only what ${ssh.user} can see, reports the rest as unknown, and can’t fix anything.`,
      'With "sudo: true" in the config this command prints the sudoers lines too.',
    ].join('\n');
  }
  return [
    `What this amounts to: the bot runs its scripts in a root shell, so anyone who has the key is root on ${name}.`,
    'The lines above keep other commands out, but not that. Keep the key where only the bot can read it.',
    `This is a trial. With "guard: {}"${host.enter.length === 0 ? '' : ' in place of "enter:"'} for ${name} and "signing:" in the config, this command prints how to install the guard,`,
    'and then the key can only look.',
  ].join('\n');
}

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
  return `${[`# 在 ${host.name} 上为 Registry Doctor 做好准备`, ...numbered, amounts(host)].join('\n\n')}\n`;
}

function trialSteps(setup: HostSetup): readonly Step[] {
  const { host } = setup;
  if (host.ssh.user === 'root') return [authorizedKey(setup, 'restrict')];
  return [authorizedKey(setup, 'restrict'), ...(host.ssh.sudo ? [sudoers(host)] : [])];
}

function packages(host: HostSettings): Step {
  const sudo = needsSudo(host) ? ' sudo' : '';
  return [
    `在 ${host.name} 上以 root 身份：安装诊断所需的工具`,
    `   apt-get install acl util-linux curl openssh-client${sudo}     # Debian、Ubuntu`,
    `   dnf install acl util-linux curl openssh${sudo}                # RHEL、Rocky、Alma、Fedora`,
    '   没有 acl 和 util-linux 时，部分内容会保持未知，报告中会说明是哪些；ssh-keygen 用于验证签名。',
  ];
}

function account({ name, ssh }: HostSettings): Step {
  const user = shellWord(ssh.user);
  return [
    `在 ${name} 上以 root 身份：为机器人创建一个没有密码的账号`,
    `   useradd --system --create-home --shell /bin/sh --password '*' ${user}`,
    '   如果提示用户已存在（机器人就在同一台机器上运行）：请为配置项“user:”换一个账号名。',
  ];
}

/** The sudoers lines of a trial. */
function sudoers({ name, ssh, enter }: HostSettings): Step {
  return [
    `在 ${name} 上以 root 身份：免密码运行机器人所用的命令，不允许其他命令`,
    ...sudoersInstalled(ssh.user, sudoersCommands(enter)),
  ];
}

/** Three steps, because the middle one is on another machine. */
function knownHost(setup: HostSetup): readonly Step[] {
  const { host, knownHosts } = setup;
  return [
    [
      '在机器人所在的机器上以 root 身份：获取主机的 SSH 密钥',
      '   new=$(mktemp)',
      `   ${keyscanCommand(host.ssh)} > "$new"`,
      '   ssh-keygen -lf "$new"',
      `   如果试用时已保存过，请跳过本步和后面两步。查看已保存的密钥：${knownKeysCommand(setup)}`,
    ],
    [`在 ${host.name} 自身的控制台上：显示指纹`, `   ${fingerprintCommand(null)}`],
    [
      '在机器人所在的机器上，用同一个 shell，仅当两边的指纹一致时：保存密钥',
      `   cat "$new" >> ${shellWord(knownHosts)}`,
      '   rm "$new"',
    ],
  ];
}

function lastly(setup: HostSetup): Step {
  const title = setup.isRoot ? '在机器人所在的机器上以 root 身份：以机器人的用户身份试运行' : '试运行';
  return [title, ...trialCommands(setup).map((command) => `   ${command}`)];
}

/** Says plainly how much this mode allows. */
function amounts(host: HostSettings): string {
  if (host.guard !== null) return guardAmounts(host, host.guard);
  const { name, ssh } = host;
  if (ssh.user !== 'root' && !ssh.sudo) {
    return [
      `这意味着：任何拿到该密钥的人，都能在 ${name} 上做 ${ssh.user} 能做的一切。`,
      `设为“sudo: false”时，Registry Doctor 只能看到 ${ssh.user} 能看到的内容，其余报告为未知，并且无法修复任何问题。`,
      '在配置中设为“sudo: true”后，本命令还会输出 sudoers 行。',
    ].join('\n');
  }
  return [
    `这意味着：机器人在 root shell 中运行脚本，因此任何拿到该密钥的人都相当于 ${name} 上的 root。`,
    '以上各行能挡住其他命令，但挡不住这一点。请把密钥放在只有机器人能读取的地方。',
    `这是试用模式。在配置中为 ${name} ${host.enter.length === 0 ? '加上“guard: {}”' : '用“guard: {}”取代“enter:”'}，并加上“signing:”后，本命令会输出安装 guard 的步骤，`,
    '此后该密钥只能用于诊断。',
  ].join('\n');
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import type { StoreProblem } from '../../../src/model/record/store-problem.ts';
import type { ConfigProblem, Expectation, SshConfigProblem } from '../../../src/model/settings/config-problem.ts';
import type { GuardSettings, HostSettings } from '../../../src/model/settings/settings.ts';
import { hostSetupText as englishSetup } from '../../../src/words/en/host-setup.ts';
import type { HostSetup } from '../../../src/words/host-setup.ts';
import { say } from '../../../src/words/phrase.ts';
import { CHECK_RESULTS, CHECKS } from '../../../src/words/zh-Hans/check.ts';
import * as cli from '../../../src/words/zh-Hans/cli.ts';
import { configProblem } from '../../../src/words/zh-Hans/config.ts';
import { hostSetupText } from '../../../src/words/zh-Hans/host-setup.ts';
import * as playground from '../../../src/words/zh-Hans/playground.ts';
import { SLACK_CHECK_DETAILS, SLACK_CHECKS } from '../../../src/words/zh-Hans/slack-check.ts';
import { recordProblem, storeUnavailable } from '../../../src/words/zh-Hans/store.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { assertChinese } from '../../support/words/translation.ts';

const FILE = '/etc/rd.yml';
const KEY = { key: 'hosts.git01.port', line: 7 } as const;

function missing(allowed: Expectation): ConfigProblem {
  return { kind: 'missing-key', ...KEY, allowed };
}

function sshConfig(problem: SshConfigProblem): ConfigProblem {
  return { kind: 'ssh-config', host: HostName.parse('git01'), ...problem };
}

const CONFIG: readonly (readonly [ConfigProblem, string])[] = [
  [{ kind: 'unreadable', why: 'missing' }, '/etc/rd.yml：文件不存在'],
  [
    { kind: 'unknown-key', key: 'adress', line: 3, allowed: ['address', 'port'], nearest: 'address' },
    '/etc/rd.yml:3：未知的配置项“adress”。你要写的是“address”吗？此处可用的配置项：address、port',
  ],
  [
    {
      kind: 'invalid',
      ...KEY,
      found: { kind: 'text', text: 'ssh' },
      allowed: { kind: 'whole-number', min: 1, max: 9 },
    },
    '/etc/rd.yml:7：“hosts.git01.port”的值是 "ssh"；应为 1 到 9 之间的整数',
  ],
  [
    { kind: 'invalid', ...KEY, found: { kind: 'nothing' }, allowed: { kind: 'section' } },
    '/etc/rd.yml:7：“hosts.git01.port”的值是空；应为一个小节（下级配置项须缩进）',
  ],
  [
    missing({ kind: 'one-of', values: ['socket', 'http'] }),
    '/etc/rd.yml:7：缺少“hosts.git01.port”；应为 socket 或 http',
  ],
  [
    { kind: 'syntax', line: 3, column: 5, detail: 'Map keys must be unique' },
    '/etc/rd.yml:3:5：YAML 语法错误：“Map keys must be unique”',
  ],
  [
    {
      kind: 'call-too-late',
      host: HostName.parse('git01'),
      key: 'escalateAfterMinutes',
      minutes: 10,
      ttlMinutes: 10,
    },
    '/etc/rd.yml：主机 git01 的“escalateAfterMinutes”的值是 10；应小于“approvalTtlMinutes”（10），否则不会通知“escalateTo”中的任何人',
  ],
  [sshConfig({ what: 'include', max: 16 }), '~/.ssh/config（主机 git01）：Include 行嵌套超过 16 层'],
  [sshConfig({ what: 'jumps', max: 8 }), '~/.ssh/config（主机 git01）：途中的跳板机超过 8 台，或形成循环'],
  [
    sshConfig({ what: 'unreadable', file: '/a', why: { errno: 'EACCES', said: 'EACCES: permission denied' } }),
    '~/.ssh/config（主机 git01）：无法读取 /a：没有权限',
  ],
  [
    { kind: 'environment', variable: 'SLACK_BOT_TOKEN', state: 'missing', allowed: { kind: 'bot-token' } },
    '环境变量：SLACK_BOT_TOKEN 未设置；应为以 xoxb- 开头的机器人令牌（api.slack.com/apps → OAuth & Permissions）。如果它在 slack.env 中，请先加载：`set -a; . /etc/registry-doctor/slack.env; set +a`',
  ],
];

for (const [problem, words] of CONFIG) {
  test(`a problem of the config reads in Chinese: ${words}`, () => assert.equal(configProblem(FILE, problem), words));
}

const RECORD: readonly (readonly [RecordProblem, string])[] = [
  [{ kind: 'missing', sequence: 3, through: 3 }, '缺少第 3 条记录。'],
  [
    { kind: 'tail-missing', last: 3, writtenUpTo: 5, witness: { kind: 'head' } },
    '末尾缺少第 4 到 5 条记录：记录末尾的标记表明有第 5 条。',
  ],
  [
    { kind: 'contradicted', sequence: 3, witness: { kind: 'message', key: 'm1' } },
    '第 3 条记录被替换：消息 m1 中是另一个哈希。',
  ],
  [
    { kind: 'unreadable', table: 'plans', key: '1-1', why: { code: 'columns-disagree' } },
    '无法读取表 plans 的行 1-1：各列与其中的方案不一致。',
  ],
  [
    { kind: 'unreadable', table: 'plans', key: '1-1', why: { code: 'other-form', field: 'state' } },
    '无法读取表 plans 的行 1-1：字段 state 的格式不对。',
  ],
  [{ kind: 'row-disagrees', about: 'state', planId: '142-1' }, '方案 142-1：数据表中的状态与各条记录所述不符。'],
];

for (const [problem, words] of RECORD) {
  test(`a problem of the audit record reads in Chinese: ${words}`, () => assert.equal(recordProblem(problem), words));
}

test('the Chinese message about an audit record that can’t be used says what happened, what was not done and what to do', () => {
  const problem: StoreProblem = { kind: 'locked', path: '/srv/rd.db', waitedMs: 5000 };
  assert.equal(
    storeUnavailable(problem),
    '审计记录 /srv/rd.db 被另一个进程锁定，已等待 5 秒。没有审计记录，就不会诊断、批准或修改任何内容。请结束另一个进程；一份审计记录只能由一个机器人使用。',
  );
});

test('the Chinese message about an audit record that can’t be written says why, and quotes SQLite’s own message', () => {
  const told = (errno: string | null, said: string) =>
    storeUnavailable({ kind: 'not-writable', path: '/srv/rd.db', why: { errno, said } });
  assert.match(told('EACCES', 'EACCES: permission denied'), /^无法写入审计记录 \/srv\/rd\.db：没有权限。/);
  assert.match(told('EDQUOT', 'EDQUOT: quota'), /：磁盘配额已用完。/);
  assert.match(told(null, 'attempt to write a readonly database'), /：“attempt to write a readonly database”。/);
});

describe('the Chinese terminal texts', () => {
  const tables = { ...CHECKS, ...CHECK_RESULTS, ...SLACK_CHECKS, ...SLACK_CHECK_DETAILS, ...cli.DESCRIPTIONS };
  const all = { ...tables, ...cli.USAGE, ...playground.STEPS, ...playground.WAITING_FOR };
  for (const [name, words] of Object.entries(all)) {
    if (typeof words === 'string')
      test(`the Chinese terminal text ${name} follows the style rules for Chinese`, () => assertChinese(say`${words}`));
  }
});

const GUARD: GuardSettings = { path: '/opt/rd/guard', approverSignature: 'high-risk' };
const HOSTS: readonly Partial<HostSettings>[] = [{}, { guard: GUARD }, { enter: ['docker', 'exec', '-i', 'reg'] }];

for (const change of HOSTS) {
  for (const user of ['root', 'registry-doctor']) {
    test(`host setup as ${user} with ${JSON.stringify(change)} prints the same commands in Chinese as in English`, () => {
      const host = { ...hostSettings({}), ...change };
      const setup = setupOf({ ...host, ssh: { ...host.ssh, user, sudo: user !== 'root' } });
      const [chinese, english] = [hostSetupText(setup).split('\n'), englishSetup(setup).split('\n')];
      assert.equal(chinese.length, english.length);
      for (const [index, line] of chinese.entries()) {
        const command = withoutComment(line);
        if (!/\p{Script=Han}/u.test(command)) assert.equal(command, withoutComment(english[index] ?? ''));
      }
    });
  }
}

function withoutComment(line: string): string {
  return line.replace(/ +# .*$/, '');
}

function setupOf(host: HostSettings): HostSetup {
  return {
    host,
    publicKey: null,
    signing: { file: '/etc/rd/signing', publicKey: null },
    program: 'registry-doctor',
    guardDigest: 'a'.repeat(64),
    knownHosts: '/etc/rd/known_hosts',
    configFile: FILE,
    isRoot: true,
  };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NoAnswer } from '../../../src/model/connection/no-answer.ts';
import { noAnswer } from '../../../src/words/zh-Hans/no-answer.ts';

const at = { address: '10.0.0.5', port: 2222, user: 'ops' };

const REASONS: readonly (readonly [NoAnswer, string])[] = [
  [
    { code: 'ssh', problem: { code: 'connection-refused', at } },
    '10.0.0.5 端口 2222 拒绝连接。未执行任何操作。请检查该主机上的 sshd 是否在运行，以及配置中的地址和端口是否正确；可在机器人所在的机器上测试：`ssh-keyscan -p 2222 10.0.0.5`。',
  ],
  [
    {
      code: 'ssh',
      problem: {
        code: 'key-unusable',
        key: { code: 'unreadable', file: '/etc/key', error: { errno: 'ENOENT', said: 'ENOENT: no such file' } },
      },
    },
    '无法读取私钥 /etc/key：文件不存在。未执行任何操作。请检查配置项 identityFile，以及机器人的用户能否读取该文件。',
  ],
  [
    {
      code: 'ssh',
      problem: {
        code: 'known-hosts-unreadable',
        file: '/etc/known_hosts',
        error: { errno: 'EACCES', said: 'EACCES: permission denied' },
      },
    },
    '无法读取 known_hosts 文件 /etc/known_hosts：没有权限。因无法核实主机的身份，未执行任何操作。如果机器人的用户无法读取，请以 root 身份执行：`chgrp registry-doctor /etc/known_hosts && chmod 0640 /etc/known_hosts`。',
  ],
  [
    { code: 'ssh', problem: { code: 'key-refused', at, offered: { kind: 'key-file', file: '/etc/key' } } },
    '10.0.0.5 端口 2222 不允许 ops 用密钥（/etc/key）登录。未执行任何操作。请检查主机上是否有该账号及其登录 shell、其 authorized_keys 中是否有该公钥，以及 sshd 是否允许它登录：`registry-doctor host setup HOST` 会输出创建账号和添加密钥的命令。',
  ],
  [
    { code: 'ssh', problem: { code: 'at-jump-host', jump: at, problem: { code: 'name-not-resolved', at } } },
    '途经跳板机 10.0.0.5 端口 2222 时：无法解析名称 10.0.0.5。未执行任何操作。请检查配置中的主机地址，以及机器人所在机器的 DNS。',
  ],
  [{ code: 'guard-refused', why: { code: 'not-signed' } }, '主机上的 guard 不接受任何请求：方案未签名'],
  [{ code: 'timed-out', timeoutMs: 60_000 }, '1 分钟内没有响应'],
];

for (const [reason, words] of REASONS) {
  test(`that a host gave no answer is explained in Chinese: ${words.slice(0, 24)}…`, () => {
    assert.equal(noAnswer(reason), words);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigNote, PartTrouble } from '../../src/model/health.ts';
import { partLine as english, noteLine as noteInEnglish } from '../../src/words/en/health.ts';
import { partLine as chinese, noteLine as noteInChinese } from '../../src/words/zh-Hans/health.ts';

const TROUBLES: readonly (readonly [PartTrouble | null, string, string])[] = [
  [null, 'slack: healthy', 'slack：正常'],
  [{ code: 'timed-out', timeoutMs: 2_000 }, 'slack: unhealthy: no answer within 2 s', 'slack：异常：2 秒内没有响应'],
  [{ code: 'failed', said: 'disk full' }, 'slack: unhealthy: disk full', 'slack：异常：“disk full”'],
  [{ code: 'not-connected', trouble: null }, 'slack: unhealthy: not connected to Slack', 'slack：异常：未连接到 Slack'],
];

for (const [trouble, inEnglish, inChinese] of TROUBLES) {
  test(`health prints for a part of the bot: ${inEnglish}`, () => {
    assert.equal(english('slack', trouble), inEnglish);
    assert.equal(chinese('slack', trouble), inChinese);
  });
}

const NOTES: readonly (readonly [ConfigNote, string, string])[] = [
  [
    { code: 'needs-restart', keys: ['http', 'store.url'] },
    'Restart the bot to use the new values of http, store.url.',
    'http、store.url 的新值在重启机器人后生效。',
  ],
  [
    { code: 'reload-refused', at: '2026-11-29T14:02:03.000Z', problems: ['c.yml:3: unknown key "hostz"'], more: 2 },
    'The config file was not reloaded at 2026-11-29 14:02 UTC. The bot goes on with the one before it:\n  c.yml:3: unknown key "hostz"\n  and 2 more problems\nCheck it with: registry-doctor check --config c.yml. Then reload again.',
    '2026-11-29 14:02 UTC 未能重新加载配置文件，机器人仍使用之前的配置：\n  “c.yml:3: unknown key "hostz"”\n  另有 2 个问题\n请运行 registry-doctor check --config c.yml 检查，然后重新加载。',
  ],
];

for (const [note, inEnglish, inChinese] of NOTES) {
  test(`health explains the config file problem ${note.code}`, () => {
    assert.equal(noteInEnglish('c.yml', note), inEnglish);
    assert.equal(noteInChinese('c.yml', note), inChinese);
  });
}

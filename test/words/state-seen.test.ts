import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stateClause as english } from '../../src/words/en/state-seen.ts';
import { plainText } from '../../src/words/phrase.ts';
import { stateClause as chinese } from '../../src/words/zh-Hans/state-seen.ts';

const STATES: readonly (readonly [sent: string, english: string, chinese: string])[] = [
  ['0750', '0750', '0750'],
  ['0:990', '0:990', '0:990'],
  ['user::rwx,group::---,other::---', 'user::rwx,group::---,other::---', 'user::rwx,group::---,other::---'],
  ['inode 66:12', 'inode 66:12', 'inode 66:12'],
  ['entries 1200 0:0', '1,200 entries of 0:0', '0:0 的 1,200 个条目'],
  ['other-entries 1', '1 entry, not the listed ones', '清单之外的 1 个条目'],
  ['other-entries-uncounted', 'other entries', '其他条目'],
  ['not-there', 'not there', '不存在'],
  ['unseen', 'couldn’t be opened', '无法打开'],
  ['unreadable', 'not readable', '无法读取'],
  ['other-directory', 'another directory', '另一个目录'],
  ['other-file', 'another file', '另一个文件'],
  ['mixed', 'partly changed', '部分已更改'],
  ['no-acl', 'without an ACL', '没有 ACL'],
  ['of-a-later-guard', 'of-a-later-guard', 'of-a-later-guard'],
  ['entries many 0:0', 'entries many 0:0', 'entries many 0:0'],
];

describe('the permissions that the guard found instead of the planned ones', () => {
  for (const [sent, inEnglish, inChinese] of STATES) {
    test(`what the guard found instead of the planned permissions, ${sent}, reads “${inEnglish}”`, () => {
      assert.deepEqual([plainText(english(sent)), plainText(chinese(sent))], [inEnglish, inChinese]);
    });
  }
});

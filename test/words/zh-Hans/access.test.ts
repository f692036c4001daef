import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PermissionClass, WalkStep } from '../../../src/model/diagnosis/access.ts';
import { say } from '../../../src/words/phrase.ts';
import { accessClause } from '../../../src/words/zh-Hans/access.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese } from '../../support/words/translation.ts';

test('each Chinese explanation why an account can or can’t pass through a directory follows the style rules for Chinese', () => {
  for (const step of samplesOf(WalkStep)) assertChinese(say`${accessClause(step)}`);
});

const CLASSES = {
  owner: ['是属主，有 x 权限', '属主没有 x 权限'],
  group: ['在 ops 组中，有 x 权限', '在 ops 组中，而该组没有 x 权限'],
  other: ['其他用户有 x 权限', '不是属主，不在 ops 组，其他用户没有 x 权限'],
  'named-user': ['该用户的 ACL 条目有 x 权限', '该用户的 ACL 条目没有 x 权限'],
  'named-group': ['该用户所在组的 ACL 条目有 x 权限', '该用户所在组的 ACL 条目没有 x 权限'],
} as const satisfies Record<PermissionClass, readonly [granted: string, denied: string]>;
for (const name of PermissionClass.options) {
  test(`what the permission class ${name} gives or denies is named in Chinese`, () => {
    const clauses = [true, false].map((granted) =>
      accessClause({ reason: { kind: 'bits', class: name, granted }, group: 'ops' }),
    );
    assert.deepEqual(clauses, CLASSES[name]);
  });
}

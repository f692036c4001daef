import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import { nearestNames } from '../../../src/workflow/incident/nearest-names.ts';

const known = ['git01', 'git02', 'registry-eu', 'backup'].map((name) => HostName.parse(name));

const cases: [string, string, string[]][] = [
  ['a missing digit finds both neighbours', 'git0', ['git01', 'git02']],
  ['a typo finds the name that was meant', 'git1', ['git01']],
  ['two swapped letters are one slip', 'gti01', ['git01']],
  ['two letters that were swapped and changed find nothing', 'gtj01', []],
  ['case does not matter', 'GIT01', ['git01', 'git02']],
  ['a longer name can have more typos', 'regsitry-eu', ['registry-eu']],
  ['another word finds nothing', 'printer', []],
  ['an empty text finds nothing', '', []],
  ['a huge text finds nothing, quickly', 'x'.repeat(1_000_000), []],
];

for (const [sentence, asked, expected] of cases) {
  test(`the suggestion of host names for a mistyped one: ${sentence}`, () =>
    assert.deepEqual(nearestNames(asked, known), expected));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableLines } from '../../../src/telling/text/table.ts';

test('table columns are as wide as their widest cell, and lines have no trailing blanks', () => {
  assert.deepEqual(tableLines([{ cells: ['a', 'long cell', ''] }, { cells: ['abc', 'x', 'y'] }]), [
    'a    long cell',
    'abc  x          y',
  ]);
});

test('a wide character takes two columns, and a combining character none', () => {
  assert.deepEqual(tableLines([{ cells: ['目录', '1'] }, { cells: ['abcd', '2'] }, { cells: ['e\u0301', '3'] }]), [
    '目录  1',
    'abcd  2',
    'e\u0301     3',
  ]);
});

test('a style is put around the aligned line', () => {
  assert.deepEqual(tableLines([{ cells: ['a', 'b'], style: (line) => `<${line}>` }, { cells: ['aa', 'c'] }]), [
    '<a   b>',
    'aa  c',
  ]);
});

test('no rows give no lines', () => {
  assert.deepEqual(tableLines([]), []);
});

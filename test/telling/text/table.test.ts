import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableLines } from '../../../src/telling/text/table.ts';

test('columns of a table in the terminal are as wide as their widest cell, and lines have no trailing spaces', () => {
  assert.deepEqual(tableLines([{ cells: ['a', 'long cell', ''] }, { cells: ['abc', 'x', 'y'] }]), [
    'a    long cell',
    'abc  x          y',
  ]);
});

test('a table in the terminal counts a wide character as two columns and a combining character as none', () => {
  assert.deepEqual(tableLines([{ cells: ['目录', '1'] }, { cells: ['abcd', '2'] }, { cells: ['e\u0301', '3'] }]), [
    '目录  1',
    'abcd  2',
    'e\u0301     3',
  ]);
});

test('styles in a table in the terminal do not change its alignment', () => {
  assert.deepEqual(tableLines([{ cells: ['a', 'b'], style: (line) => `<${line}>` }, { cells: ['aa', 'c'] }]), [
    '<a   b>',
    'aa  c',
  ]);
});

test('a table without rows prints no lines', () => {
  assert.deepEqual(tableLines([]), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalLanguage } from '../../../src/cli/terminal/terminal-language.ts';

const CASES: readonly [args: string, environment: Record<string, string>, language: string][] = [
  ['check', {}, 'en'],
  ['check', { LANG: 'zh_CN.UTF-8' }, 'zh-Hans'],
  ['check', { LANG: 'zh_SG' }, 'zh-Hans'],
  ['check', { LANG: 'zh.UTF-8' }, 'zh-Hans'],
  ['check', { LANG: 'zh_CN@pinyin' }, 'zh-Hans'],
  ['check', { LANG: 'zh_TW.UTF-8' }, 'en'],
  ['check', { LANG: 'C' }, 'en'],
  ['check', { LC_ALL: 'C.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
  ['check', { LC_ALL: '', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, 'zh-Hans'],
  ['--lang zh-Hans check', {}, 'zh-Hans'],
  ['check --lang=en', { LANG: 'zh_CN.UTF-8' }, 'en'],
  ['check --lang en --lang zh-Hans', {}, 'zh-Hans'],
  ['check --lang fr', { LANG: 'zh_CN.UTF-8' }, 'zh-Hans'],
  ['check --lang', {}, 'en'],
  ['diagnose -- --lang zh-Hans', {}, 'en'],
];
for (const [args, environment, language] of CASES) {
  test(`the command line with ${args} and ${JSON.stringify(environment)} speaks ${language}`, () => {
    assert.equal(terminalLanguage(args.split(' '), environment), language);
  });
}

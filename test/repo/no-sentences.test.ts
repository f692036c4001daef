import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseSync } from '@swc/core';
import { AboutCode, BareCode, BecauseCode } from '../../src/model/reason.ts';

/**
 * A reason is data: a code and its values. Sentences are in words/ alone, so that logic never reads English and another language needs
 * no other logic. These are the rooms for which that holds.
 */
const ROOMS: readonly string[] = [
  'src/model/',
  'src/host/',
  'src/diagnosis/',
  'src/ssh/',
  'src/record/',
  'src/store/',
  'src/workflow/',
  'src/incident/',
  'src/approval/',
  'src/config/',
  'src/http/',
  'src/slack/',
  'src/telling/',
  'src/cli/',
];

const REASON_CODES: ReadonlySet<string> = new Set([
  ...[...BareCode.options, ...AboutCode.options, ...BecauseCode.options],
  'host-said',
]);
/** What a host sends as a reason: the scripts of a room, and the codes that its reader knows. */
const SCRIPT_ROOMS: readonly { readonly folder: string; readonly codes: ReadonlySet<string> }[] = [
  { folder: 'src/host/scripts/lib/', codes: REASON_CODES },
  { folder: 'src/host/scripts/probe/', codes: REASON_CODES },
  { folder: 'src/host/scripts/awk/', codes: REASON_CODES },
];

const ROOT = new URL('../../', import.meta.url);

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}${name}`);
}

type Node = { readonly [key: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function nodesIn(value: unknown): Node[] {
  if (!isNode(value)) return [];
  return [value, ...Object.values(value).flatMap(nodesIn)];
}

function named(node: unknown): string {
  return isNode(node) ? String(node['value']) : '';
}

const REASON = /^(why|because)$/;

/** What becomes a reason: the value of a `why` or `because`, what is passed to `unknown()`, and what a function named why… returns. */
function reasonsMade(node: Node): unknown {
  switch (node['type']) {
    case 'KeyValueProperty':
      return REASON.test(named(node['key'])) ? node['value'] : null;
    case 'VariableDeclarator':
      return REASON.test(named(node['id'])) ? node['init'] : null;
    case 'AssignmentExpression':
      return REASON.test(named(node['left'])) ? node['right'] : null;
    case 'CallExpression':
      return named(node['callee']) === 'unknown' ? node['arguments'] : null;
    case 'FunctionDeclaration':
      return /^why/.test(named(node['identifier'])) ? node['body'] : null;
    default:
      return null;
  }
}

/** Strings, and templates with a word for each thing that is filled in. */
function textOf(node: Node): string {
  if (node['type'] === 'StringLiteral') return String(node['value']);
  if (node['type'] !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return '';
  return node['quasis'].map((quasi: unknown) => (isNode(quasi) ? String(quasi['raw']) : '')).join('something');
}

function isSentence(text: string): boolean {
  return text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length >= 3;
}

function sentencesIn(source: string): string[] {
  const reasons = nodesIn(parseSync(source, { syntax: 'typescript', target: 'esnext' })).map(reasonsMade);
  return [...new Set(reasons.flatMap(nodesIn).map(textOf).filter(isSentence))];
}

const ASSIGNED = /\b(?:[a-z]+_)?why=(?:'([^']*)'|"([^"]*)"|([^\s;'"]+))/g;
const EMITTED = /(?:^|[;{)]|\bthen|\belse) *unknown [a-z-]+ (?:'([^']*)'|"([^"]*)"|([^\s;'"]+))/gm;
/** Inside a text that is printed, or kept to be printed. */
const PRINTED = /(?:\becho |\bprintf |\bprint |=)["'](?:[^"'\n]* )?(?:unknown|!) ([^"'\n%]+)/g;

/** What a script sends as a reason, unless it all stands in a variable. */
function reasonsSentBy(script: string): string[] {
  return [ASSIGNED, EMITTED, PRINTED]
    .flatMap((pattern) => [...script.matchAll(pattern)])
    .map((match) => match.slice(1).find((group) => group !== undefined) ?? '')
    .filter((text) => text !== '' && !text.startsWith('$'));
}

function isCode(text: string, codes: ReadonlySet<string>): boolean {
  const [code = ''] = text.trim().split(' ');
  return codes.has(code);
}

for (const room of ROOMS) {
  test(`no file in ${room} composes a reason as an English sentence instead of a code`, () => {
    const files = filesBelow(room, /\.ts$/);
    assert.ok(files.length > 0);
    const found = files.flatMap((file) =>
      sentencesIn(readFileSync(new URL(file, ROOT), 'utf8')).map((sentence) => `${file}: ${sentence}`),
    );
    assert.deepEqual(found, []);
  });
}

for (const { folder, codes } of SCRIPT_ROOMS) {
  test(`the host scripts in ${folder} send reasons only as known codes, never as sentences`, () => {
    const files = filesBelow(folder, /\.(sh|awk)$/);
    assert.ok(files.length > 0);
    const found = files.flatMap((file) =>
      reasonsSentBy(readFileSync(new URL(file, ROOT), 'utf8'))
        .filter((text) => !isCode(text, codes))
        .map((text) => `${file}: ${text}`),
    );
    assert.deepEqual(found, []);
  });
}

test('every reason code that is defined is also used', () => {
  const sources = [
    ...filesBelow('src/host/', /\.(ts|sh|awk)$/),
    ...filesBelow('src/diagnosis/', /\.ts$/),
    ...filesBelow('src/http/', /\.ts$/),
  ];
  const text = [...sources, 'src/model/host/used-path.ts']
    .map((file) => readFileSync(new URL(file, ROOT), 'utf8'))
    .join('\n');
  const dead = [...REASON_CODES].filter((code) => !new RegExp(`(?<![a-z]|[a-z]-)${code}(?![a-z-])`).test(text));
  assert.deepEqual(dead, []);
});

describe('the search for sentences in reasons', () => {
  test('the search for sentences in reasons finds one wherever a reason is made', () => {
    const made = [
      "const a = { why: 'it is not there' };",
      "const a = { because: 'it is not there' };",
      ['const why = `the way $', '{x} ends`;'].join(''),
      "let why = ''; why = a ? b : 'it is not there';",
      "f(unknown(a ? 'b' : 'it is not there'));",
      "function whyNot(): string { if (a) return 'it is not there'; return ''; }",
    ];
    for (const source of made) assert.equal(sentencesIn(source).length, 1, source);
  });

  test('the search for sentences in reasons accepts codes, and sentences that are not reasons', () => {
    const passes = [
      "const a = { why: { code: 'not-there' } };",
      ['const a = { why: `$', '{one} $', '{two}` };'].join(''),
      "throw new Error('it is not there');",
      "// why: 'it is not there'",
    ];
    for (const source of passes) assert.deepEqual(sentencesIn(source), [], source);
  });

  test('the search for sentences in reasons also checks what a host script sends', () => {
    const script = [
      "  if x; then try_why='no timeout here'; return; fi",
      'why="$a"; log_why=$b other_why="moon-full $x"',
      "unknown acls 'no getfacl'",
      '  *) unknown config "$config_why" ;;',
      "echo 'trust unknown it is odd'",
      'echo "$1 unknown not-permitted"',
      "printf 'logs unknown %s\\n' x",
      'END { print "tries unknown", a ? "b" : "c"; print "! too large" }',
    ].join('\n');
    assert.deepEqual(reasonsSentBy(script), [
      ...['no timeout here', 'moon-full $x', 'no getfacl', 'it is odd', 'not-permitted', 'too large'],
    ]);
  });
});

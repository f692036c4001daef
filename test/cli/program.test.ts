import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { createProgram, runProgram } from '../../src/cli/program.ts';
import { createConsole } from '../../src/cli/terminal/console.ts';
import { wordsFor } from '../../src/words/index.ts';
import { say } from '../../src/words/phrase.ts';
import { english } from '../support/words/english.ts';
import { outsideCatalogue, pseudo } from '../support/words/pseudo-locale.ts';
import { assertChinese } from '../support/words/translation.ts';

/** What a command line says, and its exit status. `change`: what is done to the program before it parses. */
async function run(line: string, change: (program: Command) => void = () => {}, words = english) {
  const said = { out: '', err: '', status: 0 };
  const console = createConsole({
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    environment: {},
    words,
  });
  const exitWith = (status: number) => {
    said.status = status;
  };
  const program = createProgram('1.2.3', { console, process, exitWith });
  change(program);
  await runProgram(program, line.split(' '), { exitWith });
  return said;
}

/** A command, with its arguments and options as it gets them. */
type Call = readonly [command: string, given: Record<string, unknown>];

/** Every command is put on the list in place of being run. */
function recordCalls(command: Command, calls: Call[], path: readonly string[] = []): void {
  for (const one of command.commands) recordCalls(one, calls, [...path, one.name()]);
  if (command.commands.length > 0) return;
  command.action(() => {
    const given = command.registeredArguments.map((argument, at) => [argument.name(), command.processedArgs[at]]);
    calls.push([path.join(' '), { ...Object.fromEntries(given), ...command.opts() }]);
  });
}

const CALLS: readonly (readonly [string, Call])[] = [
  ['serve --config c.yml', ['serve', { config: 'c.yml', drain: false }]],
  ['diagnose git01 --config c.yml', ['diagnose', { host: 'git01', config: 'c.yml', json: false }]],
  [
    'diagnose git01 --config c.yml --json --save-facts f.json',
    ['diagnose', { host: 'git01', config: 'c.yml', json: true, saveFacts: 'f.json' }],
  ],
  ['diagnose --config c.yml --json -- -rf', ['diagnose', { host: '-rf', config: 'c.yml', json: true }]],
  ['diagnose --facts f.json', ['diagnose', { host: undefined, facts: 'f.json', json: false }]],
  ['diagnose --facts f.json --json', ['diagnose', { host: undefined, facts: 'f.json', json: true }]],
  ['check --config c.yml', ['check', { config: 'c.yml' }]],
  ['health --config c.yml', ['health', { config: 'c.yml' }]],
  ['audit list --config c.yml', ['audit list', { config: 'c.yml', limit: 50 }]],
  ['audit list --config c.yml --incident 142 --limit 7', ['audit list', { config: 'c.yml', incident: 142, limit: 7 }]],
  ['audit verify --config c.yml', ['audit verify', { document: undefined, config: 'c.yml', slack: false }]],
  ['audit verify i.html --key k', ['audit verify', { document: 'i.html', key: 'k', slack: false }]],
  ['audit export 142 --config c.yml', ['audit export', { config: 'c.yml', incident: 142, format: 'md', json: false }]],
  [
    'audit export 142 --config c.yml --format html',
    ['audit export', { config: 'c.yml', incident: 142, format: 'html', json: false }],
  ],
  ['host setup git01 --config c.yml', ['host setup', { host: 'git01', config: 'c.yml' }]],
  ['host guard', ['host guard', {}]],
  ['sign plan.txt --key k', ['sign', { plan: 'plan.txt', key: 'k', yes: false }]],
  ['sign - --key k --yes', ['sign', { plan: '-', key: 'k', yes: true }]],
  ['sign 142-1 --config c.yml --key k', ['sign', { plan: '142-1', key: 'k', config: 'c.yml', yes: false }]],
  ['fix git01 --config c.yml --key k', ['fix', { host: 'git01', config: 'c.yml', key: 'k' }]],
  ['playground', ['playground', { yes: false }]],
  ['playground --yes', ['playground', { yes: true }]],
  ['--lang zh-Hans check --config c.yml', ['check', { config: 'c.yml' }]],
  ['check --config c.yml --lang=en', ['check', { config: 'c.yml' }]],
];

for (const [line, call] of CALLS) {
  test(`the command line accepts: registry-doctor ${line}`, async () => {
    const calls: Call[] = [];
    const { status } = await run(line, (program) => recordCalls(program, calls));
    assert.deepEqual(calls, [call]);
    assert.equal(status, 0);
  });
}

/** Each command as it runs, with its exit status. `serve` and `playground` change the process: they are run in their own. */
const STATUSES: readonly (readonly [line: string, status: number])[] = [
  ['diagnose git01 --config /nowhere/c.yml', 2],
  ['diagnose --facts /nowhere/f.json', 2],
  ['check --config /nowhere/c.yml', 1],
  ['health --config /nowhere/c.yml', 2],
  ['audit list --config /nowhere/c.yml', 2],
  ['audit verify --config /nowhere/c.yml', 2],
  ['audit export 142 --config /nowhere/c.yml', 2],
  ['host setup git01 --config /nowhere/c.yml', 2],
  ['host guard', 0],
  ['sign /nowhere/plan.txt --key k', 2],
  ['fix git01 --config /nowhere/c.yml --key k', 2],
];

for (const [line, expected] of STATUSES) {
  test(`the program exits with the status of the command that it ran: ${line}`, async () => {
    const { status, out, err } = await run(line);
    assert.equal(status, expected, err);
    assert.doesNotMatch(out + err, /Usage:/);
  });
}

/** A slip, and what is said of it. */
const SLIPS: readonly (readonly [string, RegExp])[] = [
  ['bogus', /unknown command 'bogus'/],
  ['diagnos git01', /unknown command 'diagnos'[\s\S]*Did you mean diagnose/],
  ['diagnose', /name a HOST, or give saved facts/],
  ['diagnose git01', /required option '--config <file>' not specified/],
  ['diagnose git01 git02 --config c.yml', /too many arguments/],
  ['diagnose git01 --config c.yml --jsn', /unknown option '--jsn'/],
  ['diagnose git01 --facts f.json', /--facts can’t be combined with HOST/],
  ['diagnose --facts f.json --config c.yml', /--facts can’t be combined with HOST/],
  ['diagnose --facts f.json --save-facts g.json', /--facts can’t be combined with HOST/],
  [
    'serve',
    /required option '--config <file>' not specified, for example --config \/etc\/registry-doctor\/config\.yml/,
  ],
  ['check', /required option '--config <file>' not specified/],
  ['audit', /Usage: registry-doctor audit/],
  ['audit export --config c.yml', /name an INCIDENT, or the start of a time with --since/],
  ['audit verify i.html --key k --slack', /a document is verified by --key or --config only/],
  ['audit export 2 --since 2026-11-01 --config c.yml', /name an INCIDENT, or the start of a time with --since/],
  ['audit export 2 --format pdf --config c.yml', /Allowed choices|must be one of|md, html, json/],
  ['audit export --config c.yml --since yesterday', /expected a date or a time with its zone, for example 2026-11-01/],
  ['audit export abc --config c.yml', /must be a whole number, 1 or greater/],
  ['audit export 0 --config c.yml', /must be a whole number, 1 or greater/],
  ['audit list --config c.yml --limit -1', /must be a whole number, 1 or greater/],
  ['host setup --config c.yml', /missing required argument 'host'/],
  ['sign --key k', /missing required argument 'plan'/],
  ['sign plan.txt', /required option '--key <file>' not specified/],
  ['--config', /unknown option '--config'/],
];

for (const [line, said] of SLIPS) {
  test(`the command line rejects wrong usage in English: ${line}`, async () => {
    const { status, out, err } = await run(line);
    assert.equal(status, 2);
    assert.match(err, said);
    assert.equal(out, '');
  });
}

const CHINESE = wordsFor('zh-Hans');
/** What is typed stands in the help as it is: options, commands and what they take. */
const TYPED = /^ {2}\S.*? {2,}|registry-doctor .*|<\w+>|\[\w+\]/g;

for (const [line] of [...SLIPS, ['check --config c.yml --lang fr'], ['check --config'], ['diagnose --jso']] as const) {
  test(`the command line rejects wrong usage in Chinese: ${line}`, async () => {
    const { err } = await run(line, undefined, CHINESE);
    if (err.startsWith('用法：')) return;
    assert.match(err, /^错误：/);
    for (const part of err.trimEnd().split('\n')) assertChinese(say`${part.replaceAll('fr', '')}`);
    assert.doesNotMatch(err, /error|[Dd]id you mean|[Aa]llowed/);
  });
}

for (const line of ['--help', 'diagnose --help', 'audit list --help', 'sign --help', 'help host']) {
  test(`the command line prints its help in Chinese: ${line}`, async () => {
    const { out } = await run(line, undefined, CHINESE);
    assert.match(out, /^用法：registry-doctor/);
    for (const part of out.split('\n').map((one) => one.replace(TYPED, '').trim())) assertChinese(say`${part}`);
  });
}

for (const line of ['--help', 'help', 'diagnose --help', 'audit --help', 'help host']) {
  test(`help that was asked for is printed with exit status 0: ${line}`, async () => {
    const { status, out, err } = await run(line);
    assert.equal(status, 0);
    assert.match(out, /^Usage: registry-doctor/);
    assert.equal(err, '');
  });
}

test('registry-doctor --version prints the version of the package', async () => {
  const { status, out } = await run('--version');
  assert.equal(status, 0);
  assert.equal(out, '1.2.3\n');
});

const EVERY_HELP = ['', 'diagnose ', 'audit ', 'audit list ', 'host setup ', 'sign ', 'fix ', 'playground '];
for (const command of EVERY_HELP) {
  test(`the help of registry-doctor ${command}has every sentence from the words catalogue`, async () => {
    const { out, status } = await run(`${command}--help`, undefined, pseudo);
    assert.equal(status, 0);
    // What is typed, defaults and choices are the same in every language.
    const typed = /^.*\bregistry-doctor\b.*$|^ {2}\S.*? {2,}|\(default: [^)]*\)|\(choices: [^)]*\)/gm;
    const rest = outsideCatalogue(out.replace(/\s*\n {3,}/g, ' ').replace(typed, ''));
    assert.doesNotMatch(rest, /[A-Za-z]{2,}/);
  });
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/config/read-config.ts';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { probeRequest } from '../../src/host/request/guard-request.ts';
import { HostPath, textFromBytes } from '../../src/model/host/host-path.ts';
import { remoteCommand } from '../../src/ssh/run/remote-command.ts';
import { shellQuote } from '../../src/words/shell-quote.ts';
import { probe } from '../host/probe-run.ts';
import { chmodStep, samplePlan } from '../host/sample-plan.ts';
import { hostSettings } from '../host/sample-settings.ts';
import { hostPath, modeOf, ScratchTree } from '../host/scratch-tree.ts';
import { apply, forget } from '../host/scripts/apply/apply-run.ts';
import { runScript, SHELLS } from '../host/shells.ts';
import { skipUnless } from '../support/requirements.ts';

/**
 * Names and settings that are programs: run by any shell, on the host or where a person pastes a command, they would make the canary.
 * Settings are handed to the scripts as they are here, though the config would refuse most of them.
 */

const utf8 = (text: string) => Buffer.from(text);
const TOUCH = 'touch "$CANARY"';
/** As names of directories: no slash, at most 255 bytes. */
const NAMES: Record<string, Buffer> = {
  'a command substitution': utf8(`$(${TOUCH})`),
  backticks: utf8(`\`${TOUCH}\``),
  'the end of single quotes': utf8(`';${TOUCH};'`),
  'the end of double quotes': utf8(`";${TOUCH};"`),
  'the end of both quotes': utf8(`'";${TOUCH};"'`),
  'a line of its own': utf8(`x\n${TOUCH}\n`),
  'the end of the braces': utf8(`x\n}\n${TOUCH}\n{\n`),
  'an end of file': utf8(`END\nEOF\n${TOUCH}\n`),
  'an option': utf8('-rf'),
  'separators, pipes and redirections': utf8(`;${TOUCH}|${TOUCH}&&${TOUCH}>x&`),
  'an arithmetic expression': utf8(`a[$(${TOUCH})]`),
  'a parameter expansion': utf8(`\${x:=$(${TOUCH})}`),
  'bytes that are not UTF-8, and a quote': Buffer.concat([Buffer.from([0xff, 0x27]), utf8(`;${TOUCH};'`)]),
  'half a character before a quote': Buffer.concat([Buffer.from([0xe6, 0x95]), utf8(`';${TOUCH};'`)]),
  'escapes of printf and echo': utf8(`\\047;${TOUCH};\\x27%b%s%n\\c`),
  'patterns and a tilde': utf8(`~*?[a-z]{a,b}$(${TOUCH})`),
};
const ALL = Object.values(NAMES);
/** A path that has each of them in it. */
const ALL_IN_ONE = Buffer.concat(ALL.flatMap((name) => [utf8('/'), name]));
const PATHS: Record<string, Buffer> = {
  ...Object.fromEntries(Object.entries(NAMES).map(([what, name]) => [what, Buffer.concat([utf8('/srv/'), name])])),
  'four kilobytes of them': Buffer.concat(Array.from({ length: 17 }, () => utf8(`/${'n'.repeat(220)}$(${TOUCH})`))),
};

let scratch: string;
let canary: string;
before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rd-injection-'));
});
beforeEach(() => {
  canary = join(scratch, randomUUID());
});
after(() => rmSync(scratch, { recursive: true, force: true }));

const assertNothingRan = () => assert.equal(existsSync(canary), false, 'a name was run');

test('the canary file, which shows an injected command, is created if a name with a command does reach a shell', {
  skip: skipUnless('linux'),
}, () => {
  spawnSync('sh', ['-c', `echo ${NAMES['a command substitution']}`], { env: { ...process.env, CANARY: canary } });
  assert.equal(existsSync(canary), true);
});

for (const shell of SHELLS) {
  describe(`on a host with ${shell.name}`, { skip: shell.skip || skipUnless('root', 'setpriv') }, () => {
    test('the probe executes no command that is hidden in a host’s settings', () => {
      const text = ALL_IN_ONE.toString();
      const path = hostPath(ALL_IN_ONE);
      const settings = { config: path, serviceUser: text };
      const env = { CANARY: canary };
      probe(shell, hostSettings(settings), { rootOverride: path, env });
      assertNothingRan();
      for (const address of [{ url: `http://127.0.0.1:1${text}` }, { debugUrl: `http://${text}` }]) {
        const host = hostSettings({ ...settings, ...address });
        const request = probeRequest({ nonce: 'injectednonce', host, rootOverride: path });
        const { status, stdout } = runScript(shell, guardOverStdin(request), { env });
        assert.deepEqual([status, stdout.toString()], [64, ''], 'an address of this kind is not even taken');
        assertNothingRan();
      }
    });

    test('a plan for nested directories with hostile names only changes these directories', () => {
      const tree = new ScratchTree();
      const closed = Buffer.concat([tree.root, ALL_IN_ONE]);
      mkdirSync(closed, { recursive: true });
      chmodSync(closed, 0o700);
      const storageRoot = hostPath(tree.directory(Buffer.concat([closed, utf8('/storage')]), 0o755));
      const plan = samplePlan({ steps: [chmodStep(closed, '0711')], storageRoot });
      const outcome = apply(shell, plan, { env: { CANARY: canary } });
      const mode = modeOf(closed);
      forget([plan]);
      tree.remove();
      assert.deepEqual([outcome.kind, mode], ['applied', '0711']);
      assertNothingRan();
    });
  });
}

for (const [what, bytes] of Object.entries(PATHS)) {
  test(`a command that a person copies from the bot names a directory with ${what} and does not run what is in its name`, {
    skip: skipUnless('bash'),
  }, () => {
    const word = shellQuote(HostPath.parse(textFromBytes(bytes)));
    const env = { ...process.env, CANARY: canary };
    const { stdout } = spawnSync('bash', ['--norc', '-c', `printf %s ${word}`], { env });
    assert.deepEqual(stdout, bytes);
    assertNothingRan();
  });

  // To a shell a dash is nothing but a letter; what it is to a program is for the author of the config.
  if (what === 'an option') continue;
  test(`the config loader accepts no word of an enter command that is ${what}`, () => {
    const word = bytes.toString();
    assert.throws(() => remoteCommand({ sudo: true, enter: ['docker', word] }, 7), RangeError);
    assert.match(problemsOf({ enter: ['docker', word] }), /"key":"hosts\.git01\.enter\[1\]"/);
  });
}

const SETTINGS: Record<string, (text: string) => Record<string, unknown>> = {
  address: (address) => ({ address }),
  user: (user) => ({ user: `- ${user}` }),
  serviceUser: (serviceUser) => ({ registry: { layout: 'distribution', serviceUser } }),
};
for (const [key, entryOf] of Object.entries(SETTINGS)) {
  test(`the config loader accepts none of the hostile names as ${key}`, () => {
    for (const name of ALL)
      assert.match(problemsOf(entryOf(name.toString())), new RegExp(`"key":"hosts.git01.[a-z.]*${key}"`));
  });
}

/** What the config complains of, with this in the host's entry. */
function problemsOf(entry: Record<string, unknown>): string {
  const host = { address: '10.0.0.5', user: 'doctor', registry: { layout: 'distribution' }, ...entry };
  const outcome = parseConfig(stringify({ ssh: { knownHosts: '/etc/known_hosts' }, hosts: { git01: host } }), '/etc');
  return outcome.kind === 'problems' ? JSON.stringify(outcome.problems) : 'nothing';
}

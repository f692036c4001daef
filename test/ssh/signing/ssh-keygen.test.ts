import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { APPROVAL_NAMESPACE, SshKeygen } from '../../../src/ssh/signing/ssh-keygen.ts';
import { signatureProblem } from '../../../src/words/en/signatures.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { sshKeygen } from '../ssh-keygen-program.ts';

const TEXT = 'registry-doctor-plan/1\nend\n';
const GIT = 'git';

describe('the check of a person’s signature', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;
  let good: string;
  const keygen = new SshKeygen(process.env);
  const at = (name: string) => join(directory, name);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-keygen-'));
    for (const name of ['ann', 'bob']) await makeKey(directory, name, 'ed25519');
    good = await signed('ann');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  async function signed(name: string, text = TEXT, namespace = APPROVAL_NAMESPACE): Promise<string> {
    const { status, stdout, stderr } = await sshKeygen(['-Y', 'sign', '-q', '-f', at(name), '-n', namespace], text);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  /** A file of allowed signers; `KEY` stands for Ann's. */
  async function signers(line: string): Promise<string> {
    const key = (await readFile(at('ann.pub'), 'utf8')).trim();
    await writeFile(at('signers'), `# people\n${line.replaceAll('KEY', key)}\n`);
    return at('signers');
  }

  async function verify(line: string, signature = good, text = TEXT, program = keygen) {
    const allowedSignersFile = await signers(line);
    return program.verify(text, signature, { namespace: APPROVAL_NAMESPACE, allowedSignersFile });
  }

  async function fingerprintOf(name: string): Promise<string> {
    return (await sshKeygen(['-lf', at(`${name}.pub`)])).stdout.split(' ')[1] ?? '';
  }

  test('the check of a good signature names the person in the allowed-signers file and the key', async () => {
    const expected = { kind: 'verified', principal: 'ann', fingerprint: await fingerprintOf('ann') };
    assert.deepEqual(await verify('ann KEY'), expected);
    assert.deepEqual(await verify(`ann namespaces="${APPROVAL_NAMESPACE}" KEY`), expected);
    assert.deepEqual(await verify('ann,ann@example.org KEY'), expected);
    assert.deepEqual(await verify('ann KEY', good.replaceAll('\n', '\r\n  ')), expected);
  });

  const REFUSED: readonly (readonly [
    what: string,
    line: string,
    why: RegExp,
    by?: (() => Promise<string>) | undefined,
    text?: string,
  ])[] = [
    ['another text', 'ann KEY', /doesn’t count for this plan/, undefined, `${TEXT} `],
    ['a key that the file does not list', 'ann KEY', /not from anyone listed in .*signers,/, () => signed('bob')],
    ['no one in the file', '', /not from anyone listed in .*signers,/],
    ['made for something else', 'ann KEY', /was made for “git”/, () => signed('ann', TEXT, GIT)],
    ['a key for something else', 'ann namespaces="git" KEY', /isn’t allowed to sign this/],
    [
      'a key whose time is over',
      'ann valid-before="20200101" KEY',
      /not from anyone listed in|isn’t allowed to sign this/,
    ],
    ['a pattern in place of a name', '*@example.org KEY', /belongs to no one/],
    ['no signature', 'ann KEY', /no SSH signature/, async () => '-----BEGIN SSH SIGNATURE-----\nx\n'],
  ];
  for (const [what, line, why, by, text] of REFUSED) {
    test(`the check of a person’s signature rejects it: ${what}`, async () => {
      const outcome = await verify(line, await by?.(), text);
      assert.equal(outcome.kind, 'refused', JSON.stringify(outcome));
      assert.match(signatureProblem(outcome.why), why);
    });
  }

  test('with an allowed-signers file that is missing or huge, no one’s signature is accepted', async () => {
    await writeFile(at('huge'), Buffer.alloc(1024 * 1024 + 1, '#'));
    for (const name of ['missing', 'huge', '.']) {
      const outcome = await keygen.verify(TEXT, good, { namespace: APPROVAL_NAMESPACE, allowedSignersFile: at(name) });
      assert.equal(outcome.kind, 'cannot-verify', name);
    }
  });

  test('without an allowed-signers file, a signature over another text or for another purpose is still refused', async () => {
    const wellMade = { kind: 'well-made', fingerprint: await fingerprintOf('ann'), signature: good };
    assert.deepEqual(await keygen.checkNoValidate(TEXT, good, APPROVAL_NAMESPACE), wellMade);
    const pasted = good.replaceAll('\n', '\u00a0\r\n  ');
    assert.deepEqual(await keygen.checkNoValidate(TEXT, pasted, APPROVAL_NAMESPACE), wellMade);
    const refusals = [
      await keygen.checkNoValidate(`${TEXT}\n`, good, APPROVAL_NAMESPACE),
      await keygen.checkNoValidate(TEXT, good, GIT),
      await keygen.checkNoValidate(TEXT, await signed('ann', TEXT, GIT), APPROVAL_NAMESPACE),
      await keygen.checkNoValidate(TEXT, '', APPROVAL_NAMESPACE),
    ];
    for (const outcome of refusals) assert.equal(outcome.kind, 'refused');
  });

  /** In place of ssh-keygen, a program that does what the shell line says. */
  async function standIn(name: string, line: string): Promise<SshKeygen> {
    const programs = at(name);
    await mkdir(programs);
    await writeFile(join(programs, 'ssh-keygen'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    return new SshKeygen({ ...process.env, PATH: `${programs}:${process.env['PATH']}` });
  }

  const BROKEN: readonly (readonly [what: string, line: string, why: RegExp])[] = [
    ['writes without end', 'exec yes', /wrote without end/],
    ['is killed', 'kill -9 $$', /ended by SIGKILL/],
    ['says success, but not which key', 'echo ann', /in words that are not known: ann\./],
  ];
  for (const [index, [what, line, why]] of BROKEN.entries()) {
    test(`no signature is accepted if the ssh-keygen program ${what}`, async () => {
      const broken = await standIn(`programs-${index}`, line);
      const outcomes = [
        await verify('ann KEY', good, TEXT, broken),
        await broken.checkNoValidate(TEXT, good, APPROVAL_NAMESPACE),
      ];
      for (const outcome of outcomes) {
        assert.equal(outcome.kind, 'cannot-verify', JSON.stringify(outcome));
        assert.match(signatureProblem(outcome.why), why);
      }
    });
  }

  test('the check of a signature reports that ssh-keygen is missing', async () => {
    const without = new SshKeygen({ PATH: directory });
    const outcomes = [
      await verify('ann KEY', good, TEXT, without),
      await without.checkNoValidate(TEXT, good, APPROVAL_NAMESPACE),
      await without.sign(TEXT, { namespace: APPROVAL_NAMESPACE, keyFile: at('ann'), terminal: null }),
    ];
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['cannot-verify', 'cannot-verify', 'not-signed'],
    );
    for (const outcome of outcomes)
      assert.match('why' in outcome ? signatureProblem(outcome.why) : '', /ssh-keygen is not on this machine/);
  });
});

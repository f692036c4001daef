import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { planDocument } from '../../../src/host/request/plan-document.ts';
import { KeyFilePlanSigner } from '../../../src/ssh/signing/plan-signer.ts';
import { signingProblem } from '../../../src/words/en/signing.ts';
import { samplePlan } from '../../host/sample-plan.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { sshKeygen } from '../ssh-keygen-program.ts';

const DOCUMENT = planDocument(samplePlan());

describe('the bot signs its plans', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-plan-signer-'));
    await makeKey(directory, 'plain', 'ed25519');
    await makeKey(directory, 'locked', 'ed25519', 'open sesame');
    await makeKey(directory, 'rsa', 'rsa');
    await chmod(await makeKey(directory, 'open', 'ed25519'), 0o644);
    await writeFile(at('passphrase'), 'open sesame\n');
    await writeFile(at('wrong-passphrase'), 'open barley\n');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const at = (name: string) => join(directory, name);

  function sign(key: string, passphrase: { file?: string; environment?: string } = {}) {
    const { file, environment = null } = passphrase;
    const passphraseFile = file === undefined ? null : at(file);
    return new KeyFilePlanSigner({ file: at(key), passphraseFile }, { keyPassphrase: environment }).sign(DOCUMENT);
  }

  async function isGood(signature: string, key: string): Promise<boolean> {
    await writeFile(at('allowed'), `registry-doctor ${await readFile(at(`${key}.pub`), 'utf8')}`);
    await writeFile(at('document.sig'), signature);
    const by = ['-f', at('allowed'), '-I', 'registry-doctor', '-n', 'registry-doctor-plan', '-s', at('document.sig')];
    const { status } = await sshKeygen(['-Y', 'verify', ...by], DOCUMENT);
    return status === 0;
  }

  const WAYS: readonly (readonly [what: string, key: string, passphrase: Parameters<typeof sign>[1]])[] = [
    ['a key without a passphrase', 'plain', {}],
    ['an encrypted key, by the passphrase in a file', 'locked', { file: 'passphrase' }],
    ['an encrypted key, by the passphrase in the environment', 'locked', { environment: 'open sesame' }],
    ['the file before the environment', 'locked', { file: 'passphrase', environment: 'open barley' }],
  ];
  for (const [what, key, passphrase] of WAYS) {
    test(`the bot signs its plans with the configured key and passphrase: ${what}`, async () => {
      const outcome = await sign(key, passphrase);
      assert.equal(outcome.kind, 'signed', JSON.stringify(outcome));
      assert.ok(await isGood(outcome.signature, key));
    });
  }

  const REFUSALS: readonly (readonly [what: string, key: string, passphrase: Parameters<typeof sign>[1], RegExp])[] = [
    ['no such file', 'missing', {}, /Can’t read the signing key .*missing: no such file\..*signing\.key in the config/],
    ['a public key', 'plain.pub', {}, /plain\.pub is not a private key/],
    ['a file that other accounts can read', 'open', {}, /open \(mode 0644\)\..*chmod 600/],
    ['another type', 'rsa', {}, /is of type ssh-rsa.*only Ed25519 keys/],
    ['no passphrase', 'locked', {}, /is protected by a passphrase.*signing\.passphraseFile/],
    ['a wrong passphrase', 'locked', { file: 'wrong-passphrase' }, /does not open the signing key/],
    ['no passphrase file', 'locked', { file: 'missing' }, /Can’t read the passphrase file .*missing: no such file/],
  ];
  for (const [what, key, passphrase, why] of REFUSALS) {
    test(`the bot signs no plan, and says why: ${what}`, async () => {
      const outcome = await sign(key, passphrase);
      assert.equal(outcome.kind, 'cannot-sign');
      assert.match(signingProblem(outcome.why), why);
      assert.match(signingProblem(outcome.why), /Nothing was signed/);
      assert.doesNotMatch(signingProblem(outcome.why), /open (sesame|barley)/);
    });
  }

  test('after the signing key’s file is replaced, the bot signs the next plan with the new key', async () => {
    await makeKey(directory, 'first', 'ed25519');
    await makeKey(directory, 'second', 'ed25519');
    const signer = new KeyFilePlanSigner({ file: at('first'), passphraseFile: null }, { keyPassphrase: null });
    const before = await signer.sign(DOCUMENT);
    await rename(at('second'), at('first'));
    const after = await signer.sign(DOCUMENT);
    assert.ok(before.kind === 'signed' && after.kind === 'signed');
    assert.ok(await isGood(after.signature, 'second'));
    assert.ok(!(await isGood(before.signature, 'second')));
  });
});

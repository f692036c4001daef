import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { KeyFileCheckpointSigner } from '../../../src/ssh/signing/checkpoint-signer.ts';
import { checkpointFile } from '../../../src/store/checkpoint-file.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { CheckpointKeeper } from '../../../src/workflow/witness/keep-checkpoints.ts';
import { noticeOlderCopy } from '../../../src/workflow/witness/notice-older-copy.ts';
import { rechain } from '../../store/rechain.ts';
import { auditDraft, openIncident, openingOf, standingClock } from '../../store/samples.ts';
import { runHere } from '../../support/bots/run-here.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const execute = promisify(execFile);

/** A record with a bot's own checkpoints, and an intruder who has all the rights of the bot but not its signing key. */
describe('audit verify against an intruder who can write the whole file', {
  skip: skipUnless('ssh-keygen', 'openssl'),
}, () => {
  let directory: string;
  const at = (name: string) => join(directory, name);
  const audit = (...args: string[]) => runHere(['audit', ...args, '--config', at('config.yml')]);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-verify-'));
    await makeKey(directory, 'plan_key', 'ed25519');
    await writeFile(
      at('config.yml'),
      `store: { url: "sqlite:record.db", checkpoints: checkpoints }
ssh: { knownHosts: known_hosts }
signing: { key: plan_key }
hosts: { git01: { address: 10.0.0.5, user: u, registry: { layout: omnibus } } }
`,
    );
    await workOf(6);
    await copyFile(at('record.db'), at('older.db'));
    await workOf(4);
    await copyFile(at('record.db'), at('intact.db'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** A bot records so many entries, and ends. */
  async function workOf(entries: number): Promise<void> {
    const clock = standingClock();
    const { store, close } = await openSqliteStore(`sqlite:${at('record.db')}`, { clock });
    const incident = await openIncident(store);
    await store.transact((tx) => tx.appendAudit(openingOf(incident)));
    for (let n = 1; n < entries; n += 1) await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
    const signer = new KeyFileCheckpointSigner({ file: at('plan_key'), passphraseFile: null }, { keyPassphrase: null });
    const log = { debug() {}, info() {}, warn: assert.fail, error: assert.fail, child: () => log };
    const keeping = {
      signer: () => signer,
      takers: [checkpointFile(at('checkpoints'))],
      witness: null,
      channel: () => null,
    };
    await new CheckpointKeeper({ store, clock, log, metrics: UNMEASURED }, keeping).keep();
    await close();
  }

  /** The intruder: everything in the file is as if the bot had written it so, with no word of the checkpoints. */
  async function rewrite(edit: (database: DatabaseSync) => void): Promise<void> {
    await copyFile(at('intact.db'), at('record.db'));
    const database = new DatabaseSync(at('record.db'));
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
      database.exec(`DROP TRIGGER ${name}`);
    }
    edit(database);
    rechain(database, 2);
    database.exec(
      'UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1)',
    );
    database.exec('DELETE FROM checkpoints');
    database.close();
  }

  test('an intact record agrees with its checkpoints, in it and in the file', async () => {
    const { status, stdout } = await audit('verify', '--checkpoint', at('checkpoints'));
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Record intact: 10 entries/);
    assert.match(stdout, /cover the first 10 entries; their signatures are valid/);
    assert.match(stdout, /agrees with 2 checkpoints in .*checkpoints/);
  });

  test('a changed entry, with the chain and every witness in the file made again, is named by a checkpoint kept elsewhere', async () => {
    await rewrite((database) =>
      database.exec(`UPDATE audit_entries SET outcome = '{"verdict":"healthy"}' WHERE sequence = 8`),
    );
    const alone = await audit('verify');
    assert.equal(alone.status, 0, alone.stdout);
    assert.match(alone.stdout, /No signed checkpoint covers it/);
    const { status, stdout } = await audit('verify', '--checkpoint', at('checkpoints'));
    assert.equal(status, 1);
    assert.match(stdout, /One of the entries 7 to 10 was replaced/);
  });

  test('a cut tail is named by a checkpoint kept elsewhere', async () => {
    await rewrite((database) => database.exec('DELETE FROM audit_entries WHERE sequence > 9'));
    const { status, stdout } = await audit('verify', '--checkpoint', at('checkpoints'));
    assert.equal(status, 1);
    assert.match(stdout, /Entry 10 is missing from the end/);
  });

  test('an older copy of the whole file, which is intact in itself, is named by a checkpoint kept elsewhere', async () => {
    await copyFile(at('older.db'), at('record.db'));
    assert.equal((await audit('verify')).status, 0);
    const { status, stdout } = await audit('verify', '--checkpoint', at('checkpoints'));
    assert.equal(status, 1);
    assert.match(stdout, /Entries 7 to 10 are missing from the end/);
  });

  test('a checkpoint that the intruder made with a key of their own is named', async () => {
    await copyFile(at('intact.db'), at('record.db'));
    const database = new DatabaseSync(at('record.db'));
    database.exec('DROP TRIGGER checkpoints_are_final');
    database.exec(
      `UPDATE checkpoints SET note = replace(note, '\u2014 registry-doctor/', '\u2014 registry-doctor/0') WHERE size = 10`,
    );
    database.close();
    const { status, stdout } = await audit('verify');
    assert.equal(status, 1);
    assert.match(stdout, /The checkpoint over 10 entries in the record was not signed with the key of this record/);
  });

  test('a file without checkpoints, and one that is not there, verify nothing', async () => {
    await copyFile(at('intact.db'), at('record.db'));
    const empty = await audit('verify', '--checkpoint', at('config.yml'));
    assert.equal(empty.status, 2);
    assert.match(empty.stderr, /There is no checkpoint in .*Nothing was verified/);
    const missing = await audit('verify', '--checkpoint', at('nowhere'));
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /Can’t read .*nowhere.*Nothing was verified/);
  });

  test('openssl verifies the newest checkpoint with the key that audit key prints', async () => {
    await copyFile(at('intact.db'), at('record.db'));
    const { stdout: note } = await audit('checkpoint');
    const { stdout: key } = await audit('key');
    const [name = '', , base64 = ''] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(key.trim())?.slice(1) ?? [];
    const [text = '', signatures = ''] = note.split(/(?<=\n)\n/);
    assert.ok(signatures.startsWith(`\u2014 ${name} `));
    const raw = Buffer.from(base64, 'base64').subarray(1);
    // SubjectPublicKeyInfo of Ed25519 (RFC 8410, section 4).
    await writeFile(at('key.der'), Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]));
    await writeFile(at('text'), text);
    await writeFile(at('signature'), Buffer.from(signatures.trim().split(' ')[2] ?? '', 'base64').subarray(4));
    const input = ['-pubin', '-keyform', 'DER', '-inkey', at('key.der'), '-rawin', '-in', at('text')];
    const { stdout } = await execute('openssl', ['pkeyutl', '-verify', ...input, '-sigfile', at('signature')]);
    assert.match(stdout, /Signature Verified Successfully/);
    await writeFile(at('text'), text.replace('\n10\n', '\n11\n'));
    await assert.rejects(execute('openssl', ['pkeyutl', '-verify', ...input, '-sigfile', at('signature')]));
    assert.ok((await readFile(at('checkpoints'), 'utf8')).includes(note));
  });

  test('a bot that starts on an older copy says so on record and in the log, and once', async () => {
    await copyFile(at('older.db'), at('record.db'));
    const clock = standingClock();
    const { store, auditTrail, close } = await openSqliteStore(`sqlite:${at('record.db')}`, { clock });
    const errors: string[] = [];
    const log: Log = {
      debug() {},
      info() {},
      warn: assert.fail,
      error: (_, text) => void errors.push(text),
      child: () => log,
    };
    const outside = checkpointFile(at('checkpoints'));
    await noticeOlderCopy({ store, clock, log }, outside);
    assert.match(errors.join(), /^the record is an older copy or another one/);
    const [found] = await auditTrail.list({ limit: 1 });
    assert.deepEqual([found?.act, found?.outcome], ['older-copy-found', { checkpoint: 6, checkpointOutside: 10 }]);
    const signer = new KeyFileCheckpointSigner({ file: at('plan_key'), passphraseFile: null }, { keyPassphrase: null });
    await new CheckpointKeeper(
      { store, clock, log, metrics: UNMEASURED },
      { signer: () => signer, takers: [outside], witness: null, channel: () => null },
    ).keep();
    await noticeOlderCopy({ store, clock, log }, outside);
    assert.equal(errors.length, 1);
    await close();
    const { status, stdout } = await audit('verify', '--checkpoint', at('checkpoints'));
    assert.equal(status, 1);
    assert.match(stdout, /missing from the end|replaced/);
  });
});

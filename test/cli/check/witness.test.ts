import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, test } from 'node:test';
import { COSIGNATURE, parseVerifierKey, verifierKey } from '../../../src/hash/signed-note.ts';
import { httpWitness } from '../../../src/http/checkpoint-witness.ts';
import { KeyFileCheckpointSigner } from '../../../src/ssh/signing/checkpoint-signer.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { CheckpointKeeper } from '../../../src/workflow/witness/keep-checkpoints.ts';
import { rechain } from '../../store/rechain.ts';
import { auditDraft, openIncident, standingClock } from '../../store/samples.ts';
import { runHere } from '../../support/bots/run-here.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { startWitness, type TestWitness } from '../../support/services/checkpoint-witness.ts';

describe('check asks the witness of the record', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;
  let witness: TestWitness;
  const at = (name: string) => join(directory, name);
  const record = () => at('record.db');

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-check-witness-'));
    await makeKey(directory, 'plan_key', 'ed25519');
    await writeFile(at('known_hosts'), '');
    witness = await startWitness();
  });
  beforeEach(async () => {
    witness.forget();
    witness.answerWith(null);
    for (const end of ['', '-wal', '-shm', '.lock']) await rm(`${record()}${end}`, { force: true });
  });
  after(async () => {
    await witness?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** The line about the witness. */
  async function check({ key = witness.key, url = witness.url, lang = 'en' } = {}): Promise<string> {
    await writeFile(
      at('config.yml'),
      `store: { url: "sqlite:record.db", witness: { url: "${url}", key: "${key}" } }
ssh: { knownHosts: known_hosts }
signing: { key: plan_key }
hosts: { git01: { address: 127.0.0.1, port: 1, user: u, identityFile: plan_key, registry: { layout: distribution } } }
`,
    );
    const { stdout } = await runHere(['check', '--lang', lang, '--config', at('config.yml')]);
    return stdout.split('\n').find((line) => /witness of the record|审计记录的见证方/.test(line)) ?? '';
  }

  /** What a bot records, one checkpoint a number; without a witness at the last one if `isAway`. */
  async function grow(entries: readonly number[], isAway = false): Promise<void> {
    const clock = standingClock();
    const { store, close } = await openSqliteStore(`sqlite:${record()}`, { clock });
    const signer = new KeyFileCheckpointSigner({ file: at('plan_key'), passphraseFile: null }, { keyPassphrase: null });
    const log: Log = { debug() {}, info() {}, warn: assert.fail, error: assert.fail, child: () => log };
    const asked = httpWitness(witness.url, parseVerifierKey(witness.key, COSIGNATURE) ?? assert.fail());
    const keeper = new CheckpointKeeper(
      { store, clock, log, metrics: UNMEASURED },
      { signer: () => signer, takers: [], witness: isAway ? null : asked, channel: () => null },
    );
    const { id } = await openIncident(store);
    for (const many of entries) {
      for (let n = 0; n < many; n += 1) await store.transact((tx) => tx.appendAudit(auditDraft(id)));
      await keeper.keep();
    }
    await close();
  }

  function rewrite(sql: string): void {
    const database = new DatabaseSync(record(), { enableForeignKeyConstraints: false });
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
      database.exec(`DROP TRIGGER ${name}`);
    database.exec(`UPDATE audit_entries SET outcome = '{}' WHERE sequence = 3`);
    rechain(database, 2);
    database.exec(
      `UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1); ${sql}`,
    );
    database.close();
  }

  const OTHER_KEY = () => {
    const key = parseVerifierKey(witness.key, COSIGNATURE) ?? assert.fail();
    return verifierKey({ ...key, publicKey: new Uint8Array(32).fill(7) }, COSIGNATURE);
  };

  test('a witness that has signed nothing yet proves its key over an empty record', async () => {
    assert.match(await check(), /^ok +witness of the record: http:\S+$/);
    assert.match(await check({ key: OTHER_KEY() }), /^FAILED +witness of the record: .*Check store\.witness\.key\.$/);
  });

  test('a witness that has signed proves its key over what it signed last, and neither it nor the record is changed', async () => {
    await grow([3, 2]);
    await grow([4], true);
    const before = [witness.last(), await readFile(record())];
    assert.match(await check(), /^ok +witness of the record: http:\S+, which cosigned 5 entries$/);
    assert.deepEqual([witness.last(), await readFile(record())], before);
    assert.match(
      await check({ key: OTHER_KEY() }),
      /^FAILED .* without a cosignature by its key\. Check store\.witness\.key\.$/,
    );
    assert.match(await check({ key: OTHER_KEY(), lang: 'zh-Hans' }), /^失败 .*请检查 store\.witness\.key。$/);
    assert.deepEqual([witness.last(), await readFile(record())], before);
  });

  test('a witness that fell behind, or that the record knows nothing of, is asked over what it has', async () => {
    await grow([3]);
    const older = witness.last();
    await grow([6]);
    rewriteCosigned();
    witness.forget(older);
    assert.match(await check(), /^ok .*which cosigned 3 entries$/);
    assert.deepEqual(witness.last(), older);
  });

  function rewriteCosigned(): void {
    const database = new DatabaseSync(record());
    database.exec('DROP TRIGGER cosigned_are_kept; DELETE FROM cosigned');
    database.close();
  }

  test('an older copy of the record, or none, fails: the witness is ahead of it', async () => {
    await grow([3]);
    await copyFile(record(), at('older.db'));
    await grow([5]);
    await copyFile(at('older.db'), record());
    const says = await check();
    assert.match(
      says,
      /^FAILED +witness of the record: http:\S+ cosigned 8 entries, and the record has 3\. The record is an/,
    );
    assert.match(says, / audit verify --checkpoint FILE --config \S+` .* restore the newest backup\.$/);
    const inChinese = await check({ lang: 'zh-Hans' });
    assert.match(
      inChinese,
      /^失败 .* 已联署 8 条记录，而审计记录只有 3 条。.*audit verify --checkpoint FILE.*恢复最新的备份。$/,
    );
    await rm(record());
    assert.match(await check(), /^FAILED .* cosigned 8 entries, and the record has 0\. /);
    assert.equal(witness.last()?.size, 8);
  });

  test('a record that was rewritten fails, and none is signed that its newest checkpoint contradicts', async () => {
    await grow([6]);
    rewrite('DELETE FROM checkpoints');
    const says = await check();
    assert.match(
      says,
      /^FAILED .* cosigned 6 entries, and the record has others in their place\. .*audit verify --checkpoint FILE/,
    );
    assert.match(await check({ lang: 'zh-Hans' }), /^失败 .*相应位置是别的记录.*audit verify --checkpoint FILE/);
    await rm(record());
    witness.forget();
    await grow([6]);
    rewrite('');
    const before = witness.asked.length;
    assert.match(await check(), /^FAILED .*: the record is not the one that its newest checkpoint was signed over/);
    assert.deepEqual(
      witness.asked.slice(before).map((one) => one.split('\n')[0]),
      ['old 0'],
    );
  });

  test('a record that can’t be read is not compared', async () => {
    await grow([2]);
    await writeFile(record(), 'no database');
    assert.match(await check(), /^skipped .* cosigned 2 entries\. The record can’t be read,/);
  });

  test('a witness that does not know the log, and an address where none is, have the same two remedies', async () => {
    const remedies = /audit key --config \S+` prints\), or check store\.witness\.url\. /;
    witness.answerWith({ status: 403, body: 'unknown log\n' });
    assert.match(await check(), remedies);
    witness.answerWith(null);
    const nowhere = await check({ url: `${witness.url}/nowhere` });
    assert.match(nowhere, /^FAILED .* refuses \(HTTP status 404\)\. Tell the witness about this log/);
    assert.match(nowhere, remedies);
    assert.match(
      await check({ url: `${witness.url}/nowhere`, lang: 'zh-Hans' }),
      /audit key .*或检查 store\.witness\.url。/,
    );
  });

  test('a witness that has signed nothing and says 409 to an empty record refuses', async () => {
    await grow([4]);
    const before = witness.asked.length;
    witness.answerWith({ status: 409, body: '0\n' });
    assert.match(await check(), /^FAILED .* refuses \(HTTP status 409\)\. Checkpoints are kept/);
    assert.equal(witness.asked.length - before, 1);
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { keysNamed } from '../../../src/cli/audit/record-key.ts';
import { verifyDocument } from '../../../src/cli/audit/verify-document.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { canonicalJson, textHash } from '../../../src/hash/canonical-hash.ts';
import { PRODUCT_VERSION } from '../../../src/model/product-version.ts';
import { ExportedIncident } from '../../../src/model/record/documents/exported-incident.ts';
import { Sha256 } from '../../../src/model/record/ids.ts';
import { chainedForm } from '../../../src/record/erasable.ts';
import { readExport } from '../../../src/record/export/read-export.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { wholeDocument } from '../../../src/telling/document/incident-document.ts';
import { incidentReport } from '../../../src/telling/json/incident-report.ts';
import { wordsFor } from '../../../src/words/index.ts';
import { fixedIncident } from '../../store/fixed-incident.ts';
import { auditDraft, openIncident, standingClock } from '../../store/samples.ts';
import { runHere } from '../../support/bots/run-here.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { english } from '../../support/words/english.ts';
import { codeBlocks } from '../../support/words/markdown.ts';

const execute = promisify(execFile);

const FORMS = ['md', 'html', 'json'] as const;

/** What someone who bends a document changes in what it is made of. */
type Bend = (exported: ExportedIncident) => unknown;

/** An exported document, and an auditor who has it and the public key alone. */
describe('audit export and audit verify FILE', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;
  let key: string;
  let intact: ExportedIncident;
  const at = (name: string) => join(directory, name);
  const audit = (...args: string[]) => runHere(['audit', ...args]);
  const textOf = (form: (typeof FORMS)[number]) => readFile(at(`incident.${form}`), 'utf8');

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-export-'));
    await makeKey(directory, 'plan_key', 'ed25519');
    await makeKey(directory, 'other_key', 'ed25519');
    await writeFile(
      at('config.yml'),
      `store: { url: "sqlite:record.db" }
ssh: { knownHosts: known_hosts }
signing: { key: plan_key }
hosts: { git01: { address: 10.0.0.5, user: u, registry: { layout: omnibus } } }
`,
    );
    await writeFile(at('other.yml'), (await readFile(at('config.yml'), 'utf8')).replace('plan_key', 'other_key'));
    await writeFile(at('without-key.yml'), (await readFile(at('config.yml'), 'utf8')).replace(/^signing.*\n/m, ''));
    const { store, close } = await openSqliteStore(`sqlite:${at('record.db')}`, { clock: standingClock() });
    const other = await openIncident(store);
    for (let n = 0; n < 5; n += 1) await store.transact((tx) => tx.appendAudit(auditDraft(other.id)));
    await fixedIncident(store);
    await store.transact((tx) => tx.appendAudit(auditDraft(other.id)));
    await close();
    key = (await audit('key', '--config', at('config.yml'))).stdout.trim();
    for (const form of FORMS) {
      const { status, stdout, stderr } = await audit('export', '2', '--format', form, '--config', at('config.yml'));
      assert.deepEqual([status, stderr], [0, '']);
      await writeFile(at(`incident.${form}`), stdout);
    }
    intact = ExportedIncident.parse(JSON.parse(await textOf('json')));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** What `audit verify` says of a text. */
  async function verify(text: string, named = key): Promise<{ status: number; said: string }> {
    await writeFile(at('document'), text);
    let said = '';
    const stream = { write: (more: string) => (said += more) };
    const console = createConsole({ stdout: stream, stderr: stream, environment: {}, words: english });
    const status = await verifyDocument(
      at('document'),
      { keys: await keysNamed(named), writtenBy: PRODUCT_VERSION },
      console,
    );
    return { status, said };
  }

  /** Bends a document, and writes all of it again so that it agrees with itself. */
  async function bent(bend: Bend): Promise<{ status: number; said: string }> {
    const changed = structuredClone(intact);
    bend(changed);
    const { told } = readExport(changed);
    return verify(JSON.stringify(incidentReport(told, english)));
  }

  for (const form of FORMS) {
    test(`a document as ${form} is proven by the public key alone, without config and record`, async () => {
      const { status, stdout, stderr } = await audit('verify', at(`incident.${form}`), '--key', key);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /Incident 2 proven: 8 entries under a signed checkpoint over the first 14 entries/);
      assert.match(stdout, /Not proven: the words of alerts, .*whether more was recorded after the last entry/);
    });

    test(`a text that was changed in a document as ${form} is named by its line`, async () => {
      const text = await textOf(form);
      const changed = text
        .replaceAll('2026-11-23 14:02:20 UTC', '2026-11-23 14:01:20 UTC')
        .replace('"faulty"', '"healthy"');
      const { status, said } = await verify(changed);
      assert.equal(status, 1);
      assert.match(said, /^Line \d+ is not what the proof says\.$/m);
    });
  }

  test('no byte of a document as Markdown or HTML can be changed unnoticed', async () => {
    for (const form of ['md', 'html'] as const) {
      const bytes = Buffer.from(await textOf(form), 'utf8');
      for (let place = 11; place < bytes.length; place += Math.ceil(bytes.length / 25)) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ 1;
        const { status } = await verify(changed.toString('utf8'));
        assert.notEqual(status, 0, `byte ${place} of the ${form}`);
      }
      assert.equal((await verify(`${bytes.toString('utf8')}\nIt was approved by everyone.\n`)).status, 1);
    }
  });

  /** The text of the proof's entry with this index, changed. */
  const inEntry =
    (index: number, from: string, to: string): Bend =>
    ({ proof }) => {
      const entry = proof.entries[index] ?? assert.fail();
      assert.ok(entry.canonical.includes(from));
      entry.canonical = entry.canonical.replace(from, to);
    };
  const inPlan =
    (change: (plan: ExportedIncident['plans'][number]) => unknown): Bend =>
    ({ plans }) =>
      change(plans[0] ?? assert.fail());
  const BENDS: readonly (readonly [what: string, bend: Bend, named: RegExp])[] = [
    ['an outcome', inEntry(1, '"faulty"', '"healthy"'), /^Entry 7 is not the one that the checkpoint covers/m],
    [
      'who approved',
      ({ proof: { entries } }) => {
        for (const one of entries[3]?.values ?? []) one.value = one.value.replace('UBOB', 'UEVE');
      },
      /^Entry 9: who acted is not what was put on record/m,
    ],
    [
      'who approved, by a second name behind the true one',
      ({ proof: { entries } }) => {
        const { values } = entries[3] ?? assert.fail();
        const [one] = values.filter(({ field }) => field === 'actor');
        values.push({ ...(one ?? assert.fail()), value: one?.value.replace('UBOB', 'UEVE') ?? '' });
      },
      /^Entry 9: who acted is not what was put on record/m,
    ],
    [
      'through what it was approved',
      inEntry(3, '"slack-user"', '"terminal"'),
      /^Entry 9 is not the one that the checkpoint covers/m,
    ],
    ['the time of an entry', inEntry(7, '14:02:40', '14:02:41'), /^Entry 13 is not the one/m],
    [
      'an entry left out',
      ({ proof }) => proof.entries.splice(4, 1),
      /^The incident’s entry 5 is missing before entry 11/m,
    ],
    ['the first entry left out', ({ proof }) => proof.entries.splice(0, 1), /entry 1 is missing before entry 7/],
    ['all entries left out', ({ proof }) => proof.entries.splice(0), /^The document has no entries\.$/m],
    [
      'an entry told twice',
      ({ proof }) => proof.entries.splice(2, 0, proof.entries[1] ?? assert.fail()),
      /entry 3 is missing before entry 7/,
    ],
    [
      'two entries swapped',
      ({ proof }) => proof.entries.splice(1, 2, ...proof.entries.slice(1, 3).toReversed()),
      /entry 2 is missing before entry 8/,
    ],
    [
      'an entry of another incident',
      inEntry(2, '"incidentId":2', '"incidentId":1'),
      /^Entry 8 is about another incident/m,
    ],
    [
      'a path of another entry',
      ({ proof: { entries } }) => Object.assign(entries[1] ?? {}, { inclusion: entries[2]?.inclusion }),
      /^Entry 7 is not the one/m,
    ],
    [
      'an entry without its path',
      ({ proof: { entries } }) => Object.assign(entries[7] ?? {}, { inclusion: null }),
      /^No checkpoint covers entry 13/m,
    ],
    [
      'no checkpoint',
      ({ proof }) => Object.assign(proof, { checkpoint: null }),
      /^No checkpoint covers entries 6 to 13/m,
    ],
    [
      'the size in the checkpoint',
      ({ proof }) => Object.assign(proof, { checkpoint: proof.checkpoint?.replace('\n14\n', '\n15\n') }),
      /was not signed with the key of this record/,
    ],
    [
      'a text that is no checkpoint',
      ({ proof }) => Object.assign(proof, { checkpoint: 'checked by me' }),
      /^A checkpoint .* cannot be read/m,
    ],
    [
      'a command of the plan',
      inPlan(({ plan }) => Object.assign(plan.steps[0] ?? {}, { to: '0777' })),
      /^Plan 2-1 was changed/m,
    ],
    ['the plan left out', ({ plans }) => plans.splice(0), /^Plan 2-1 is missing: entry 8 tells of it/m],
    [
      'another approver',
      inPlan(({ decisions }) => Object.assign(decisions[0] ?? {}, { by: intact.incident.openedBy })),
      /^Plan 2-1: who decided on it/m,
    ],
    [
      'a reason that no one gave',
      inPlan(({ decisions }) => Object.assign(decisions[0] ?? {}, { reason: 'urgent' })),
      /^Plan 2-1: who decided on it/m,
    ],
    [
      'the mode after the execution',
      inPlan(({ execution }) =>
        Object.assign((execution?.outcome?.kind === 'applied' && execution.outcome.steps[0]) || {}, { after: '0755' }),
      ),
      /^Plan 2-1: how it was carried out/m,
    ],
    [
      'the state of the plan',
      inPlan((plan) => Object.assign(plan, { state: 'rejected' })),
      /^Plan 2-1: where it stands/m,
    ],
    [
      'words of a diagnosis',
      ({ proof: { documents } }) => {
        for (const one of documents) one.canonical = one.canonical.replace('/data/vol1', '/data/vol2');
      },
      /^Entry \d+: the (?:diagnosis|verification)|^No entry holds the digest/m,
    ],
    [
      'a verification left out',
      ({ proof }) => Object.assign(proof, { documents: [] }),
      /^Entry 12: the verification in the tables is not/m,
    ],
    [
      'a document that no entry knows',
      ({ proof: { documents } }) => documents.push({ digest: textHash('{}'), canonical: '{}' }),
      /^No entry holds the digest sha256:/m,
    ],
    [
      'the host',
      ({ incident }) => Object.assign(incident, { host: 'git02' }),
      /^The host is not what the entries say/m,
    ],
    [
      'who opened the incident',
      ({ incident }) => Object.assign(incident, { openedBy: { kind: 'bot', part: 'watch' } }),
      /^Who opened the incident is not/m,
    ],
    [
      'when it was opened',
      ({ incident }) => Object.assign(incident, { openedAt: '2026-11-23T14:01:00.000Z' }),
      /^When the incident was opened is not/m,
    ],
    [
      'when it ended',
      ({ incident }) => Object.assign(incident, { closedAt: '2026-11-23T14:05:00.000Z' }),
      /^When the incident ended is not/m,
    ],
  ];
  for (const [what, bend, named] of BENDS) {
    test(`a document that was written again with other content is refused, and what differs is named: ${what}`, async () => {
      const { status, said } = await bent(bend);
      assert.equal(status, 1);
      assert.match(said, named);
      assert.match(said, /Document check FAILED: \d+ problems? in /);
    });
  }

  test('a key that stands twice in a document as JSON, which some would read as the first one, is named', async () => {
    const text = (await textOf('json')).replace(/^ {2}"incident": /m, '  "incident": {"host": "git99"},\n$&');
    const { status, said } = await verify(text);
    assert.equal(status, 1);
    assert.match(said, /^Line 5 is not what the proof says\.$/m);
  });

  test('names and a diagnosis that were erased before are counted, and the rest is proven', async () => {
    const erased = await bent(({ incident, proof }) => {
      const [opened] = proof.entries;
      opened?.values.splice(0);
      const { digest } = z
        .object({ actor: z.object({ digest: Sha256 }) })
        .parse(JSON.parse(opened?.canonical ?? '')).actor;
      incident.openedBy = { kind: 'erased', was: 'slack-user', digest };
      proof.documents.splice(1, 1);
    });
    assert.equal(erased.status, 0, erased.said);
    assert.match(
      erased.said,
      /^Not in the document: 1 name or text and 1 diagnosis, erased from the record or left out/m,
    );
    const text = wholeDocument(
      'md',
      readExport(ExportedIncident.parse(JSON.parse(await readFile(at('document'), 'utf8')))).told,
      english,
    );
    assert.match(text, /^1 diagnosis removed from the record\.$/m);
    assert.match(text, /^Opened by a person in Slack whose name was erased/m);
  });

  test('a document in Chinese is proven as one in English is', async () => {
    const { told } = readExport({ ...intact, language: 'zh-Hans' });
    for (const form of ['md', 'html'] as const) {
      const { status, said } = await verify(wholeDocument(form, told, wordsFor('zh-Hans')));
      assert.equal(status, 0, said);
    }
  });

  test('what was not changed is not named', async () => {
    assert.equal((await bent(() => {})).status, 0);
    assert.equal((await verify(JSON.stringify(JSON.parse(await textOf('json')), null, 4))).status, 0);
  });

  test('each entry of a document hashes as canonical JSON (RFC 8785) of what people read of it, with digests of people', async () => {
    const report = JSON.parse(await textOf('json'));
    for (const [index, { hash, ...content }] of report.entries.entries()) {
      assert.equal(report.proof.entries[index].canonical, canonicalJson(chainedForm(content)));
      assert.equal(textHash(report.proof.entries[index].canonical), hash);
    }
  });

  test('a document that another version wrote is not called altered, and not proven', async () => {
    const { status, said } = await verify(
      (await textOf('md')).replace('"writtenBy":"', '"writtenBy":"9.').replace('in Slack', 'on Slack'),
    );
    assert.equal(status, 1);
    assert.match(said, /text was not compared with its proof: Registry Doctor 9\.\S+ wrote it/);
  });

  test('a document that another key signed is refused, and without a key nothing is verified', async () => {
    const other = (await audit('key', '--config', at('other.yml'))).stdout.trim();
    const { status, said } = await verify(await textOf('md'), other);
    assert.equal(status, 1);
    assert.match(said, /was not signed with the key of this record/);
    const none = await verify(await textOf('md'), at('nowhere'));
    assert.equal(none.status, 2);
    assert.match(none.said, /There is no key .*Nothing was verified.*--key FILE/);
    const file = await verify(await textOf('md'), at('plan_key.pub'));
    assert.equal(file.status, 0, file.said);
    const byConfig = await audit('verify', at('incident.md'), '--config', at('config.yml'));
    assert.equal(byConfig.status, 0, byConfig.stdout);
  });

  test('a file that holds no document, half of one, or is not there, is no proof', async () => {
    for (const text of ['', 'hello', '{"version":1}', (await textOf('md')).slice(0, -400), '{"version":1,"a":2}\n']) {
      const { status, said } = await verify(text);
      assert.equal(status, 2);
      assert.match(said, /There is no proof in .*, or it is not whole\. Nothing was verified\./);
    }
    const missing = await audit('verify', at('nowhere'), '--key', key);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /Can’t read .*nowhere: no such file\. Nothing was verified\./);
  });

  test('a document without a key to sign with says that nothing covers it, and is not proven', async () => {
    const { status, stdout } = await audit('export', '2', '--config', at('without-key.yml'));
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^No signed checkpoint covers these entries: none is newer, and there was no key to sign one\.$/m,
    );
    const { status: verified, said } = await verify(stdout);
    assert.equal(verified, 1);
    assert.match(said, /^No checkpoint covers entries 6 to 13/m);
  });

  describe('the steps of docs/record.md, run as they stand there', { skip: skipUnless('openssl', 'jq', 'xxd') }, () => {
    /** What a stranger sees who has this document and the key. */
    async function steps(text: string): Promise<string> {
      const documentation = await readFile(new URL('../../../docs/record.md', import.meta.url), 'utf8');
      const script = codeBlocks(documentation.slice(documentation.indexOf('## Verify it without us')), 'sh').join('\n');
      await writeFile(at('incident-12.html'), text);
      await writeFile(at('key'), `${key}\n`);
      const { stdout } = await execute('sh', ['-c', script], { cwd: directory });
      return stdout;
    }

    test('prove an intact document', async () => {
      const seen = await steps(await textOf('html'));
      assert.match(seen, /^Signature Verified Successfully$/m);
      for (let entry = 6; entry <= 13; entry += 1) assert.match(seen, new RegExp(`^entry ${entry}: PROVEN$`, 'm'));
      assert.equal(seen.match(/: named by an entry$/gm)?.length, 3);
      assert.doesNotMatch(seen, /NOT /);
      assert.match(seen, /^9\t2026-11-23T14:02:20\.000Z\tplan-approved\t/m);
      assert.match(seen, /^entry 9: actor .*"UBOB".*: PROVEN$/m);
    });

    test('refuse another approver, an entry left out and another plan', async () => {
      const changed = structuredClone(intact);
      changed.proof.entries.splice(1, 1);
      const seen = await steps(JSON.stringify(changed).replaceAll('UBOB', 'UEVE').replaceAll('0751', '0777'));
      assert.match(seen, /^entry 8: ENTRY 2 OF THE INCIDENT IS NOT BEFORE IT$/m);
      assert.match(seen, /^entry 9: actor .*"UEVE".*: NOT WHAT THE ENTRY SAYS$/m);
      assert.match(seen, /^entry 11: NOT UNDER THE CHECKPOINT$/m);
      assert.match(seen, /^sha256:[0-9a-f]{64}: NOT NAMED BY ANY ENTRY$/m);
    });
  });

  test('as ocsf an export is one event a line, without a proof', async () => {
    const { status, stdout } = await audit('export', '2', '--format', 'ocsf', '--config', at('config.yml'));
    assert.equal(status, 0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => z.object({ class_uid: z.number() }).parse(JSON.parse(line)));
    assert.deepEqual(
      events.map(({ class_uid }) => class_uid),
      Array(8).fill(6003),
    );
    assert.equal((await verify(stdout)).status, 2);
  });

  for (const form of ['html', 'json'] as const) {
    test(`all incidents of a time are one document as ${form}, each with its own proof`, async () => {
      const since = ['--since', '2026-11-01', '--until', '2026-11-23T15:30:00+01:00'];
      const { status, stdout } = await audit('export', ...since, '--format', form, '--config', at('config.yml'));
      // The other incident has entries only, so its host is not on record.
      assert.equal(status, 1);
      const { said } = await verify(stdout);
      assert.match(said, /^The host is not what the entries say\.\n/);
      if (form === 'json')
        assert.deepEqual(
          stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line).incident.id),
          [1, 2],
        );
    });
  }

  test('a time without incidents, and nothing to verify, are wrong usage', async () => {
    const none = await audit('export', '--since', '2026-12-01', '--config', at('config.yml'));
    assert.deepEqual([none.status, none.stdout], [2, '']);
    assert.match(none.stderr, /No incident has an entry in that time/);
    const { status, stderr } = await audit('verify');
    assert.equal(status, 2);
    assert.match(stderr, /required option '--config <file>' not specified/);
  });
});

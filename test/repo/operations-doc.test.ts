import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openSqliteAt } from '../store/open-store.ts';
import { openIncident, openingOf } from '../store/samples.ts';
import { runCli } from '../support/bots/run-cli.ts';
import { SHIPPED_NODE_OPTIONS } from '../support/bots/shipped-node-options.ts';
import { codeBlocks } from '../support/words/markdown.ts';

/** What docs/operations.md tells people to type, done as it says. */

const DOC = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const SYSTEMD_ANALYZE = '/usr/bin/systemd-analyze';

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-operations-'));
});

after(() => rm(directory, { recursive: true, force: true }));

function theBlock(language: string, has: string): string {
  const found = codeBlocks(DOC, language).filter((block) => block.includes(has));
  assert.equal(found.length, 1, has);
  return found[0] ?? '';
}

test('systemd accepts the systemd unit in docs/operations.md', {
  skip: existsSync(SYSTEMD_ANALYZE) ? false : 'needs systemd-analyze',
}, async () => {
  const program = join(directory, 'node');
  await writeFile(program, '');
  await chmod(program, 0o755);
  const unit = join(directory, 'registry-doctor.service');
  // The programs that it names are not on this machine.
  await writeFile(
    unit,
    theBlock('ini', '[Service]').replace('/opt/registry-doctor/node_modules/node/bin/node', program),
  );
  const { status, stderr } = spawnSync(SYSTEMD_ANALYZE, ['verify', unit], { encoding: 'utf8' });
  const about = stderr.split('\n').filter((line) => line.includes('registry-doctor'));
  assert.deepEqual(about, []);
  assert.equal(status, 0, stderr);
});

test('the systemd unit in docs/operations.md starts the command that the package installs', async () => {
  const packageJson = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const unit = theBlock('ini', '[Service]');
  assert.ok(unit.includes(`/opt/registry-doctor/${packageJson.bin['registry-doctor']} serve --config `));
});

test('the systemd unit in docs/operations.md starts the Node that npm ci installs', async () => {
  const { bin } = JSON.parse(await readFile(new URL('../../node_modules/node/package.json', import.meta.url), 'utf8'));
  assert.ok(theBlock('ini', '[Service]').includes(`ExecStart=/opt/registry-doctor/node_modules/node/${bin.node} `));
  assert.doesNotMatch(codeBlocks(DOC, '').join('\n'), /npm ci --/);
});

test('the systemd unit, npm start and the command of a checkout run Node with the options that were measured', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.ok(theBlock('ini', '[Service]').includes(`\nEnvironment=NODE_OPTIONS=${SHIPPED_NODE_OPTIONS}\n`));
  assert.equal(scripts.start, `node ${SHIPPED_NODE_OPTIONS} src/registry-doctor.js serve`);
  assert.equal(scripts.cli, `node ${SHIPPED_NODE_OPTIONS} src/registry-doctor.js`);
});

describe('a backup of the audit record', () => {
  const at = (name: string) => join(directory, name);
  /** A command of the document, on files of this test's. */
  const run = (block: string) => {
    const line = block
      .replaceAll('/var/lib/registry-doctor-bot/', `${directory}/`)
      .replaceAll('/var/backups/', `${at('backups')}/`)
      .replace(' -o registry-doctor -g registry-doctor', '');
    execFileSync('sh', ['-eu', '-c', line]);
  };

  test('the audit record can be backed up while the bot uses it, and the restored copy has all entries up to the backup', async (t) => {
    await mkdir(at('backups'));
    const running = await openSqliteAt(t, at('registry-doctor.db'));
    const incident = await openIncident(running.store);
    await running.store.transact((tx) => tx.appendAudit(openingOf(incident)));
    const saved = await running.auditTrail.verify();
    await writeFile(
      at('config.yml'),
      `store: { url: "sqlite:registry-doctor.db" }
ssh: { knownHosts: known_hosts }
hosts: { git01: { address: 10.0.0.5, user: u, registry: { layout: omnibus } } }
`,
    );
    const [, ...words] = theBlock('sh', 'audit backup').trim().split(' ');
    const files: Readonly<Record<string, string>> = {
      '/var/backups/registry-doctor.db': at('backups/registry-doctor.db'),
      '/etc/registry-doctor/config.yml': at('config.yml'),
    };
    const backedUp = await runCli(words.map((word) => files[word] ?? word));
    assert.equal(backedUp.status, 0, backedUp.stderr);
    assert.match(backedUp.stdout, /Backed up to .*: 1 entry, last #1 [0-9a-f]{4}…\. The copy is intact\./);
    const again = await runCli(words.map((word) => files[word] ?? word));
    assert.deepEqual([again.status, again.stdout], [2, '']);
    await running.store.transact((tx) => tx.appendAudit(openingOf(incident)));
    const newer = await running.auditTrail.verify();
    assert.ok(saved.kind === 'intact' && newer.kind === 'intact');
    assert.ok(newer.entries > saved.entries, 'there is something that the backup has not');
    await running.close();
    // What a bot that was killed leaves beside its file would be applied to the restored one.
    await writeFile(at('registry-doctor.db-wal'), 'of the old file');
    run(theBlock('sh', 'install -m 0600'));
    const restored = await openSqliteAt(t, at('registry-doctor.db'));
    assert.deepEqual(await restored.auditTrail.verify(), saved);
    await restored.store.transact((tx) => tx.appendAudit(openingOf(incident)));
    assert.equal((await restored.auditTrail.verify()).kind, 'intact', 'and it goes on from there');
  });
});

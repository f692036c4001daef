import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ranAsRoot } from '../../../src/cli/check/ran-as-root.ts';
import { createChecker } from '../../../src/compose/checker.ts';
import { parseConfig } from '../../../src/config/read-config.ts';
import { skipUnless } from '../../support/requirements.ts';
import { english } from '../../support/words/english.ts';

const NOBODY = 65_534;

/** The note of a check with a record in this directory. */
function noteWith(directory: string, program: string) {
  const host = '{ address: a, user: u, identityFile: id, registry: { layout: omnibus } }';
  const text = `store: { url: "sqlite:record.db" }\nssh: { knownHosts: k }\nhosts: { git01: ${host} }`;
  const outcome = parseConfig(text, directory);
  assert.ok(outcome.kind === 'config');
  const ssh = { agentSocket: null, keyPassphrase: null };
  const checker = createChecker(outcome.config.ssh, ssh, process);
  return ranAsRoot(outcome.config, { file: '/etc/rd/config.yml', checker, words: english, program });
}

test('check that is run by root, on a config that another user’s bot uses, says to run check as that user', {
  skip: skipUnless('root'),
}, (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'rd-as-root-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  assert.equal(noteWith(directory, 'registry-doctor'), null);
  chownSync(directory, NOBODY, NOBODY);
  assert.equal(
    noteWith(directory, 'npx registry-doctor'),
    'this ran as root. The service runs as nobody: check as that user (`runuser -u nobody -- npm run -s cli -- check --config /etc/rd/config.yml`)',
  );
});

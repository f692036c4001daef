import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseGuardVersion } from '../../../src/host/answer/parse-guard-version.ts';
import { guardOverStdin } from '../../../src/host/request/guard-input.ts';
import { versionRequest } from '../../../src/host/request/guard-request.ts';
import { framed } from '../frame-output.ts';
import { runScript, SHELLS } from '../shells.ts';

const NONCE = 'versionnonce';
const read = (file: string) => readFileSync(file, 'utf8').trim();

for (const shell of SHELLS) {
  describe(`under ${shell.name}`, { skip: shell.skip }, () => {
    test(`the guard reports how it is installed, as which user it runs and what the host is, under ${shell.name}`, () => {
      const { stdout, stderr, status } = runScript(shell, guardOverStdin(versionRequest(NONCE)));
      assert.deepEqual({ stderr: stderr.toString(), status }, { stderr: '', status: 0 });
      const parsed = parseGuardVersion(stdout, NONCE);
      assert.partialDeepStrictEqual(parsed, {
        kind: 'version',
        version: {
          way: 'over-stdin',
          uid: process.getuid?.(),
          digest: null,
          hostname: read('/proc/sys/kernel/hostname'),
          bootId: read('/proc/sys/kernel/random/boot_id'),
          botSigners: 'absent',
          approverSigners: 'absent',
        },
      });
      const uptimeSeconds = parsed.kind === 'version' ? parsed.version.uptimeSeconds : null;
      assert.ok(uptimeSeconds !== null && uptimeSeconds <= Number.parseFloat(read('/proc/uptime')));
    });
  });
}

test('the bot rejects a malformed answer about the guard’s version', () => {
  const answer = framed('version', NONCE, [['way', 'by magic']]);
  assert.equal(parseGuardVersion(answer, NONCE).kind, 'malformed');
});

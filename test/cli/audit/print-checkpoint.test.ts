import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printCheckpoint } from '../../../src/cli/audit/print-checkpoint.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import type { SignedCheckpoint } from '../../../src/model/record/checkpoint.ts';
import { english } from '../../support/words/english.ts';

const OURS = '\u2014 registry-doctor/log AAAA\n';
const THEIRS = '\u2014 witness.example/w1 BBBB\n';

/** A checkpoint over so many entries. Its signatures are not verified when it is printed. */
function checkpoint(size: number, { root = 'cm9vdA==', signatures = OURS } = {}): SignedCheckpoint {
  return { size, note: `registry-doctor/log\n${size}\n${root}\n\n${signatures}` };
}

async function printed(newest: SignedCheckpoint | null, cosigned: SignedCheckpoint | null) {
  const [out, err]: [string[], string[]] = [[], []];
  const to = (lines: string[]) => ({ write: (text: string) => lines.push(text) });
  const console = createConsole({ stdout: to(out), stderr: to(err), environment: {}, words: english });
  const status = await printCheckpoint(
    { newestCheckpoint: async () => newest, newestCosigned: async () => cosigned },
    console,
  );
  return { status, out: out.join(''), err: err.join('') };
}

const COSIGNED = { signatures: OURS + THEIRS };

for (const [what, cosigned, shown] of [
  ['with its cosignature if a witness signed it', checkpoint(5, COSIGNED), checkpoint(5, COSIGNED)],
  ['alone if no witness signed any', null, checkpoint(5)],
  ['alone if a witness signed only an older one', checkpoint(4, COSIGNED), checkpoint(5)],
  [
    'alone if a witness signed another one over as many entries',
    checkpoint(5, { ...COSIGNED, root: 'b3RoZXI=' }),
    checkpoint(5),
  ],
  ['alone if what the witness signed can’t be read', { size: 5, note: 'torn' }, checkpoint(5)],
] as const) {
  test(`audit checkpoint prints the newest checkpoint ${what}`, async () => {
    assert.deepEqual(await printed(checkpoint(5), cosigned), { status: 0, out: shown.note, err: '' });
  });
}

test('audit checkpoint prints a note that can’t be read as it is on record', async () => {
  const torn = { size: 5, note: 'torn' };
  assert.equal((await printed(torn, { size: 5, note: 'torn too' })).out, 'torn');
});

test('audit checkpoint says that there is no checkpoint yet, with status 1', async () => {
  const { status, out, err } = await printed(null, null);
  assert.deepEqual({ status, out }, { status: 1, out: '' });
  assert.equal(err, `${english.cli.NO_CHECKPOINT}\n`);
});

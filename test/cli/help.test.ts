import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../support/bots/run-cli.ts';

/** Help, and a slip of the fingers, must not wait for the parts of the bot. */

const LIST_MODULES = new URL('../support/list-modules.ts', import.meta.url).href;
const SRC = new URL('../../src/', import.meta.url).href;
const EXPECTED = /^(main\.ts|cli\/[^/]+\.ts|cli\/terminal\/.+|model\/.+|words\/.+)$/;

/** The modules of src/ that this command line loads. */
async function modulesOf(...args: string[]): Promise<readonly string[]> {
  const { stderr } = await runCli(args, { NODE_OPTIONS: `--import=${LIST_MODULES}` });
  return stderr.split('\n').flatMap((url) => (url.startsWith(SRC) ? [url.slice(SRC.length)] : []));
}

for (const args of [['--help'], ['serve', '--help'], ['diagnos'], ['fix']]) {
  test(`registry-doctor ${args.join(' ')} loads the command definitions and no part of the bot`, async () => {
    const loaded = await modulesOf(...args);
    assert.ok(loaded.includes('cli/serve.ts'), loaded.join('\n'));
    assert.deepEqual(
      loaded.filter((module) => !EXPECTED.test(module)),
      [],
    );
  });
}

test('the command line loads the modules of a command only when that command runs', async () => {
  assert.ok((await modulesOf('diagnose', '--facts', '/nowhere')).includes('cli/diagnose/diagnose-facts.ts'));
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { diagnoseHostCommand } from '../../../src/cli/diagnose/diagnose-host.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import type { Config } from '../../../src/config/config.ts';
import type { SshEnvironment } from '../../../src/config/environment.ts';
import { parseConfig } from '../../../src/config/read-config.ts';
import { english } from '../../support/words/english.ts';
import { unreachableDiagnosis } from '../../telling/sample-diagnoses.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-diagnose-host-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function config(identityFile: string): Config {
  const host = `{ address: a, user: u, ${identityFile}registry: { layout: omnibus } }`;
  const outcome = parseConfig(`ssh: { knownHosts: k }\nhosts: { git01: ${host} }`, '/');
  return outcome.kind === 'config' ? outcome.config : assert.fail();
}

/** Runs the command with a host whose probe brought only bytes that no one understands. */
async function diagnose(options: {
  identityFile: string;
  saveFacts: string | null;
  environment?: Record<string, string>;
}) {
  const said = { out: '', err: '' };
  const made: (string | null)[] = [];
  let closed = 0;
  const parts = {
    console: createConsole({
      stdout: { write: (text) => (said.out += text) },
      stderr: { write: (text) => (said.err += text) },
      environment: {},
      words: english,
    }),
    environment: options.environment ?? {},
    program: 'registry-doctor',
    createDiagnoser: ({ agentSocket }: SshEnvironment) => {
      made.push(agentSocket);
      return {
        diagnose: async () => ({ diagnosis: unreachableDiagnosis, facts: null, rawProbe: Uint8Array.of(1, 0xff) }),
        close: async () => {
          closed += 1;
        },
      };
    },
  };
  const asked = { config: 'c.yml', host: 'git01', json: true, saveFacts: options.saveFacts };
  const status = await diagnoseHostCommand(asked, config(options.identityFile), parts);
  return { status, made, closed, ...said };
}

test('diagnose saves an answer of a host that it can’t parse byte for byte, for the operator to inspect', async () => {
  const file = join(directory, 'facts.json');
  const { status, err, closed } = await diagnose({ identityFile: 'identityFile: id, ', saveFacts: file });
  assert.equal(status, 3);
  assert.deepEqual([...(await readFile(`${file}.raw`))], [1, 0xff]);
  assert.equal((await stat(`${file}.raw`)).mode & 0o777, 0o600);
  assert.match(err, /The output itself is in .*facts\.json\.raw/);
  assert.equal(closed, 1);
});

test('diagnose that can’t save the host’s answer still prints the diagnosis, and then reports the failed save', async () => {
  const file = join(directory, 'no', 'facts.json');
  const { status, out, err } = await diagnose({ identityFile: 'identityFile: id, ', saveFacts: file });
  assert.equal(status, 2);
  assert.equal(JSON.parse(out).verdict, 'inconclusive');
  assert.match(err, /Can’t write .*facts\.json\.raw: no such file\./);
});

test('diagnose logs in to a host without a configured key file with the keys of the ssh-agent', async () => {
  const environment = { SSH_AUTH_SOCK: '/run/agent' };
  assert.deepEqual((await diagnose({ identityFile: '', saveFacts: null, environment })).made, ['/run/agent']);
});

test('diagnose does not connect to a host if there is neither a key file nor an ssh-agent', async () => {
  const { status, made, out, err } = await diagnose({ identityFile: '', saveFacts: null });
  assert.deepEqual({ status, made, out }, { status: 2, made: [], out: '' });
  assert.match(err, /SSH_AUTH_SOCK is not set/);
});

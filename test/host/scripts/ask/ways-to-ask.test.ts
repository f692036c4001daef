import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSocketServer, type Server } from 'node:net';
import { describe } from 'node:test';
import { type ParsedAsk, parseAsk } from '../../../../src/host/answer/parse-ask.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { askRequest } from '../../../../src/host/request/guard-request.ts';
import { unknown } from '../../../../src/model/fact.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { hostSettings } from '../../sample-settings.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS, type Shell } from '../../shells.ts';
import { listen } from './listen.ts';

/** A tool that could not ask says nothing of the registry: the next one asks. */

const NONCE = 'asknonce3';
const skip = skipUnless('linux', 'root', 'bash', 'curl', 'busybox');
const answers: RequestListener = (_, response) => response.end('{}');

type Tools = { readonly bash?: string; readonly curl?: string; readonly wget?: string };

/** What a tool of the host may do in place of asking. */
const BROKEN: Readonly<Record<string, string>> = {
  'cannot be run': 'exit 126',
  'misses a library': 'exit 127',
  'does not know its options': 'echo "unknown option" >&2; exit 2',
  'is killed': 'kill -KILL $$',
  'prints something else': 'echo "Welcome to this host"; exit 3',
};
/** Of a bash only: it starts, and has not what it needs. */
const BROKEN_BASH: Readonly<Record<string, string>> = {
  ...BROKEN,
  'prints and ends with success': 'echo "HTTP/1.0 500 Broken"; echo; exit 0',
  'ends well': 'exit 0',
  'looks as if refused': 'exit 7',
  'looks as if it had waited': 'exit 124',
  'was built without /dev/tcp': `echo asking; echo "bash: line 1: /dev/tcp/127.0.0.1/1: No such file or directory"; exit 7`,
  'can’t connect': `echo asking; echo "bash: connect: Operation not permitted"; exit 7`,
};

async function ask(shell: Shell, server: Server, tools: Tools): Promise<ParsedAsk> {
  const url = `http://127.0.0.1:${await listen(server)}`;
  const parsed = await askAt(shell, url, tools);
  server.close();
  return parsed;
}

/** On a host that has these tools in place of its own; a text that is a path is that program. */
async function askAt(shell: Shell, url: string, tools: Tools): Promise<ParsedAsk> {
  const tree = new ScratchTree();
  const bin = tree.directory(tree.at('bin')).toString();
  for (const program of ['sh', 'awk', 'cat', 'grep', 'head', 'stat', 'tr', 'timeout', 'readlink', 'sleep', 'getent']) {
    symlinkSync(existsSync(`/usr/bin/${program}`) ? `/usr/bin/${program}` : `/bin/${program}`, `${bin}/${program}`);
  }
  for (const [name, text] of Object.entries(tools)) {
    if (text.startsWith('/')) symlinkSync(text, `${bin}/${name}`);
    else writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  const request = askRequest({ nonce: NONCE, host: hostSettings({ url, debugUrl: url }) });
  const [program = '', ...args] = shell.command;
  const child = spawn(program, args, { env: { PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(guardOverStdin(request).replace(/^PATH=.*$/m, `PATH=${bin}`));
  const output = Buffer.concat(await child.stdout.toArray());
  tree.remove();
  return parseAsk(output, NONCE);
}

const HEALTHY = { v2: { state: 'known', value: { status: 200 } }, health: { state: 'known', value: { status: 200 } } };

describe('the probe sends the registry an HTTP request', { skip }, () => {
  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(shell.name, { skip: shell.skip }, () => {
      for (const [what, bash] of Object.entries(BROKEN_BASH)) {
        test(`the probe asks the registry by curl where bash ${what}, under ${shell.name}`, async () => {
          const parsed = await ask(shell, createServer(answers), { bash, curl: '/usr/bin/curl' });
          assert.partialDeepStrictEqual(parsed, HEALTHY);
        });
      }

      for (const [what, curl] of Object.entries(BROKEN)) {
        test(`the probe asks the registry by wget where bash is broken and curl ${what}, under ${shell.name}`, {
          skip: !existsSync('/usr/bin/wget'),
        }, async () => {
          const parsed = await ask(shell, createServer(answers), { bash: 'exit 1', curl, wget: '/usr/bin/wget' });
          assert.partialDeepStrictEqual(parsed, HEALTHY);
        });

        test(`the probe asks the registry by busybox wget without bash and where curl ${what}, under ${shell.name}`, async () => {
          const parsed = await ask(shell, createServer(answers), { curl, wget: '/bin/busybox' });
          assert.partialDeepStrictEqual(parsed, HEALTHY);
        });
      }

      test(`the probe reports that no tool could ask the registry, and does not call it silent, under ${shell.name}`, async () => {
        const tools = { bash: 'exit 7', curl: 'exit 127', wget: 'exit 2' };
        assert.deepEqual(await ask(shell, createServer(answers), tools), {
          kind: 'answers',
          isOnHostNetwork: true,
          v2: unknown({ code: 'tools-failed', detail: 'bash unstarted, curl 127, busybox 2' }),
          health: unknown({ code: 'tools-failed', detail: 'bash, curl, wget' }),
        });
      });

      test(`the probe asks the registry only by bash if bash found that nothing listens, under ${shell.name}`, async () => {
        const parsed = await askAt(shell, 'http://127.0.0.1:1', { bash: '/bin/bash', curl: 'exit 127' });
        const refused = unknown('connection-refused');
        assert.deepEqual(parsed, { kind: 'answers', isOnHostNetwork: true, v2: refused, health: refused });
      });

      test(`the probe asks the registry only by bash if the registry closed bash’s connection, under ${shell.name}`, async () => {
        const server = createSocketServer((socket) => socket.on('error', () => {}).once('data', () => socket.end()));
        const silent = unknown('empty-answer');
        const tools = { bash: '/bin/bash', curl: 'exit 127' };
        assert.deepEqual(await ask(shell, server, tools), {
          kind: 'answers',
          isOnHostNetwork: true,
          v2: silent,
          health: silent,
        });
      });

      test(`the probe takes at most 5 seconds to ask each address even if the first tool hangs, under ${shell.name}`, async () => {
        const began = performance.now();
        const parsed = await ask(shell, createServer(answers), { bash: 'exec sleep 60', curl: '/usr/bin/curl' });
        const tookMs = performance.now() - began;
        assert.partialDeepStrictEqual(parsed, {
          v2: unknown({ code: 'tools-failed', detail: 'bash unstarted' }),
          health: HEALTHY.health,
        });
        assert.ok(tookMs < 10_000, `${tookMs} ms`);
      });
    });
  }
});

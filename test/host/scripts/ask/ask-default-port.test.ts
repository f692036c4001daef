import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { parseAsk } from '../../../../src/host/answer/parse-ask.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { askRequest } from '../../../../src/host/request/guard-request.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { hostSettings } from '../../sample-settings.ts';

const NONCE = 'asknonce2';

test('the guard sends a registry’s health request to port 80 if the URL names no port', {
  skip: skipUnless('linux', 'root', 'bash'),
}, async () => {
  const server = createServer((_, response) => response.writeHead(204).end());
  // Port 80 can be had once only, but on any of the loopback addresses.
  const address = `127.${byte()}.${byte()}.${byte()}`;
  server.listen(80, address);
  await once(server, 'listening');
  const url = `http://${address}`;
  const output = await runAsync(
    guardOverStdin(askRequest({ nonce: NONCE, host: hostSettings({ url, debugUrl: url }) })),
  );
  server.close();
  assert.partialDeepStrictEqual(parseAsk(output, NONCE), {
    v2: { value: { url: `${url}/v2/`, status: 204 } },
    health: { value: { url: `${url}/debug/health`, status: 204 } },
  });
});

function byte(): number {
  return 1 + Math.floor(Math.random() * 253);
}

/** The server lives in this process, so the script must not be waited for synchronously. */
async function runAsync(script: string): Promise<Buffer> {
  const child = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(script);
  return buffer(child.stdout);
}

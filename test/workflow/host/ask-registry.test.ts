import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askRegistry } from '../../../src/workflow/host/ask-registry.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { framed } from '../../host/frame-output.ts';
import { hostSettings } from '../../host/sample-settings.ts';

/** Whether one answer says anything about the registry. */

const V2 = 'http://127.0.0.1:5000/v2/';
const HEALTH = 'http://127.0.0.1:5001/debug/health';
const UNABLE = '\nunable bash unstarted, curl 127';

/** A host whose guard prints this, with the nonce that it was given. */
function hostThatSays(told: { readonly v2: string; readonly health: string }): RemoteHost {
  return {
    run: async (_, script) => {
      const nonce = /nonce ([0-9a-f]+)/.exec(script)?.[1] ?? '';
      const sections = `${nonce} v2\n${told.v2}\n${nonce} health\n${told.health}`;
      const stdout = framed('ask', nonce, [
        ['v2=known', V2],
        ['health=known', HEALTH],
        ['sections', sections],
      ]);
      return { kind: 'exited', exitCode: 0, output: { stdout, stderr: Buffer.alloc(0), truncated: false } };
    },
  };
}

const answer = (status: number) => `HTTP/1.0 ${status} X\r\n\r\n{}\nbash 0`;

const LOOKS: Readonly<Record<string, readonly [v2: string, health: string, wasAsked: boolean]>> = {
  'a healthy answer': [answer(200), answer(200), true],
  'an error answer': [answer(503), answer(503), true],
  silence: ['\nbash 7', '\nbash 7', true],
  'something that is not HTTP': ['SSH-2.0\nbash 0', '\nbash 7', true],
  'tools on the host that could not ask': [UNABLE, UNABLE, false],
  'a host without tools to ask': ['\nnone 0', '\nnone 0', false],
  'a host name that does not resolve': ['\nbash 6', '\nbash 6', false],
  'a healthy health page without an answer of the registry API': [UNABLE, answer(200), false],
  'an unhealthy health page without an answer of the registry API': [UNABLE, answer(503), true],
};

describe('the answers of a registry', () => {
  for (const [what, [v2, health, wasAsked]] of Object.entries(LOOKS)) {
    test(`from ${what} the bot decides ${wasAsked ? 'whether' : 'nothing about whether'} the registry is healthy`, async () => {
      const told = await askRegistry(hostThatSays({ v2, health }), hostSettings({}));
      assert.equal(told.wasAsked, wasAsked, JSON.stringify(told));
    });
  }
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ParsedAsk, parseAsk } from '../../../../src/host/answer/parse-ask.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { askRequest } from '../../../../src/host/request/guard-request.ts';
import { absent, unknown } from '../../../../src/model/fact.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import type { HostSettings } from '../../../../src/model/settings/settings.ts';
import { type RegistryHost, startRegistryHost } from '../../../support/hosts/registry-host.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { hostSettings } from '../../sample-settings.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { runScript, SHELLS, type Shell } from '../../shells.ts';

const NONCE = 'asknonce1';
const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'curl');

function output(shell: Shell, host: HostSettings): Buffer {
  const { stdout, stderr } = runScript(shell, guardOverStdin(askRequest({ nonce: NONCE, host })));
  assert.equal(stderr.toString(), '');
  return stdout;
}

const ask = (shell: Shell, host: HostSettings): ParsedAsk => parseAsk(output(shell, host), NONCE);

describe('the guard asks a registry for its health', { skip }, () => {
  let registry: RegistryHost;
  before(async () => {
    registry = await startRegistryHost({ closed: [] });
    await registry.waitUntilWell();
  });
  after(() => registry?.stop());

  for (const shell of SHELLS) {
    test(`${shell.name}: the guard asks a registry at the address in the registry’s config`, {
      skip: shell.skip,
    }, () => {
      assert.deepEqual(ask(shell, hostSettings(registry.registrySettings())), {
        kind: 'answers',
        isOnHostNetwork: true,
        v2: { state: 'known', value: { url: `${registry.url}/v2/`, status: 200, body: '{}' } },
        health: { state: 'known', value: { url: `${registry.debugUrl}/debug/health`, status: 200, body: '{}' } },
      });
    });

    test(`${shell.name}: the guard asks a registry at the address in the bot’s settings, whatever the registry’s config says`, {
      skip: shell.skip,
    }, () => {
      const { url, debugUrl } = registry;
      const answers = ask(shell, hostSettings({ config: HostPath.parse('/nowhere'), url: `${url}/`, debugUrl }));
      assert.partialDeepStrictEqual(answers, { v2: { value: { status: 200 } }, health: { value: { status: 200 } } });
    });

    test(`${shell.name}: without a registry config, the answers of both addresses are reported as unknown`, {
      skip: shell.skip,
    }, () => {
      const why = unknown('config-missing');
      assert.deepEqual(ask(shell, hostSettings({ config: HostPath.parse('/nowhere') })), {
        kind: 'answers',
        isOnHostNetwork: true,
        v2: why,
        health: why,
      });
    });

    test(`${shell.name}: for a registry without a debug address, no health page is asked for`, {
      skip: shell.skip,
    }, () => {
      const tree = new ScratchTree();
      tree.config('storage: inmemory\nhttp:\n  addr: 127.0.0.1:1\n');
      const answers = ask(shell, hostSettings({ config: hostPath(tree.at('config.yml')) }));
      tree.remove();
      assert.deepEqual(answers, {
        kind: 'answers',
        isOnHostNetwork: true,
        v2: unknown('connection-refused'),
        health: absent,
      });
    });

    test(`${shell.name}: the guard finds the running registry by any name of its config file`, {
      skip: shell.skip,
    }, () => {
      const tree = new ScratchTree();
      for (const { what, bytes } of HOSTILE_NAMES) {
        tree.link(tree.at(bytes), registry.configFile);
        const answers = ask(shell, hostSettings({ config: hostPath(tree.at(bytes)) }));
        assert.partialDeepStrictEqual(answers, { v2: { value: { status: 200 } } }, what);
      }
      tree.remove();
    });
  }

  test('an answer about a registry’s health that is cut anywhere is rejected as malformed', () => {
    const [shell] = SHELLS;
    if (shell === undefined) return;
    const whole = output(shell, hostSettings(registry.registrySettings()));
    assert.equal(parseAsk(whole, NONCE).kind, 'answers');
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(parseAsk(whole.subarray(0, length), NONCE).kind, 'malformed');
    }
  });
});

describe('the address at which the guard asks a registry', { skip }, () => {
  const ADDRESSES: readonly (readonly [http: string, v2: ReturnType<typeof unknown>])[] = [
    ['addr: :1', unknown('connection-refused')],
    ['addr: 0.0.0.0:1', unknown('connection-refused')],
    ["addr: '[::]:1'", unknown('connection-refused')],
    ['addr: localhost:1', unknown('connection-refused')],
    ['addr: /run/registry.sock\n  net: unix', unknown('on-unix-socket')],
    ['addr: :1\n  tls:\n    certificate: /x.crt', unknown('tls-without-url')],
    ['addr: localhost', unknown('address-unreadable')],
    ['addr: "localhost:https"', unknown('address-unreadable')],
    ['addr: "localhost:"', unknown('address-unreadable')],
    ["addr: '$(touch pwned):1'", unknown('address-unreadable')],
    ["addr: 'user@host:1'", unknown('address-unreadable')],
    ['headers: {}', unknown('config-without-address')],
  ];

  for (const shell of SHELLS) {
    test(`${shell.name} reads the registry’s address as the registry does, or reports why it can’t`, {
      skip: shell.skip,
    }, () => {
      const tree = new ScratchTree();
      for (const [http, v2] of ADDRESSES) {
        tree.config(`storage: inmemory\nhttp:\n  ${http}\n`);
        const answers = ask(shell, hostSettings({ config: hostPath(tree.at('config.yml')) }));
        assert.deepEqual(answers.kind === 'answers' && answers.v2, v2, http);
      }
      tree.remove();
    });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fingerprintCommand } from '../../src/words/host-setup.ts';

const FILES: readonly (readonly [type: string, file: string])[] = [
  ['ssh-ed25519', 'ssh_host_ed25519_key.pub'],
  ['ecdsa-sha2-nistp256', 'ssh_host_ecdsa_key.pub'],
  ['ssh-rsa', 'ssh_host_rsa_key.pub'],
  ['rsa-sha2-512', 'ssh_host_rsa_key.pub'],
];

for (const [type, file] of FILES) {
  test(`host setup shows the fingerprint of a host key of type ${type} from one file`, () =>
    assert.equal(fingerprintCommand(type), `ssh-keygen -lf /etc/ssh/${file}`));
}

test('host setup shows every host key, each with a command of its own, if the key’s type is unknown', () => {
  for (const type of [null, 'sk-ssh-ed25519@openssh.com']) {
    const command = fingerprintCommand(type);
    assert.match(command, /^for key in \/etc\/ssh\/ssh_host_\*_key\.pub; do ssh-keygen -lf "\$key"; done$/);
    execFileSync('sh', ['-n', '-c', command]);
  }
});

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUARD_PROGRAM } from '../../../src/host/request/guard-program.ts';
import { makeKey } from './sshd.ts';

/** Where a guard will be installed, for an account that does not exist yet, with a key for the bot to sign with. */
export type GuardPlace = {
  readonly account: string;
  /** The guard's own directory and its files, only root's. */
  readonly directory: string;
  readonly path: string;
  readonly signingKeyFile: string;
  /** Key of an approver whom the host knows. Null: it knows none and requires none. */
  readonly approverKeyFile: string | null;
  /** Follows the output of `host setup`, line by line, and installs its sudoers lines. */
  readonly follow: (printed: string) => void;
  readonly remove: () => void;
};

/** sshd(8) reads where `host setup` writes. */
export const SSHD_AS_INSTALLED = ['AuthorizedKeysFile .ssh/authorized_keys'];

export async function makeGuardPlace(wants: { readonly approver: boolean }): Promise<GuardPlace> {
  const account = `rd-guard-${randomBytes(4).toString('hex')}`;
  const sudoersFile = `/etc/sudoers.d/${account}`;
  const directory = mkdtempSync('/var/tmp/rd-guard-');
  chmodSync(directory, 0o755);
  mkdirSync(join(directory, 'bot'), { mode: 0o700 });
  const signingKeyFile = await makeKey(join(directory, 'bot'), 'signing_key', 'ed25519');
  const approverKeyFile = wants.approver ? await makeKey(join(directory, 'bot'), 'approver_key', 'ed25519') : null;
  writeFileSync(join(directory, 'guard'), GUARD_PROGRAM);
  const path = join(directory, 'installed', 'guard');
  return {
    account,
    directory,
    path,
    signingKeyFile,
    approverKeyFile,
    follow: (printed) => {
      const isThere = spawnSync('id', [account]).status === 0;
      const lines = printed
        .split('\n')
        .filter((line) => COMMAND.test(line) && !(isThere && line.startsWith('   useradd ')));
      const named = lines.map((line) => withApprover(line, approverKeyFile));
      execFileSync('sh', ['-eu', '-c', named.join('\n')], { cwd: directory });
      const sudoers = printed.split('\n').filter((line) => SUDOERS_COMMAND.test(line));
      assert.equal(sudoers.length, 3);
      execFileSync('sh', ['-eu', '-c', sudoers.join('\n').replaceAll('/etc/sudoers.d/registry-doctor', sudoersFile)]);
    },
    remove: () => {
      rmSync(sudoersFile, { force: true });
      // 6: there is no such user.
      const { status } = spawnSync('userdel', ['-f', '-r', account], { stdio: 'ignore' });
      if (status !== 0 && status !== 6 && existsSync(`/home/${account}`))
        throw new Error(`userdel ended with ${status}`);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The one line in which people have to fill in something. */
function withApprover(line: string, keyFile: string | null): string {
  if (keyFile === null) return line;
  const [type, key] = readFileSync(`${keyFile}.pub`, 'utf8').split(' ');
  return line.replace("'NAME ", "'bob ").replace("PUBLIC-KEY'", `${type} ${key}'`);
}

/** What is to be typed on the host as root. */
const COMMAND = /^ {3}(useradd|home=|keys=|touch|install -|printf|chown)(?!.*sudoers\.d) ?/;
const SUDOERS_COMMAND = /^ {3}(printf|visudo|rm) .*sudoers\.d/;

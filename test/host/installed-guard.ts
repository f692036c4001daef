import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseApplyOutcome } from '../../src/host/answer/parse-apply-outcome.ts';
import { GUARD_PROGRAM } from '../../src/host/request/guard-program.ts';
import {
  applyRequest,
  type GuardRequest,
  outcomeRequest,
  type SignedPlan,
} from '../../src/host/request/guard-request.ts';
import { planDocument } from '../../src/host/request/plan-document.ts';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Shell } from './shells.ts';

export const NONCE = 'guardnonce';

/** A guard as it is installed, in a directory of its own that is root's alone, with the keys of everyone in the story. */
export class InstalledGuard {
  readonly directory = mkdtempSync('/var/tmp/rd-installed-');
  readonly path = this.at('guard/guard');

  constructor() {
    chmodSync(this.directory, 0o755);
    mkdirSync(this.at('guard'), { mode: 0o755 });
    writeFileSync(this.path, GUARD_PROGRAM);
    chmodSync(this.path, 0o755);
    for (const name of ['bot', 'ann', 'stranger']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', this.at(name)]);
    }
    this.trust('allowed_signers', 'registry-doctor namespaces="registry-doctor-plan"', 'bot');
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  /** Puts a line into a file of signers beside the guard. */
  trust(file: string, who: string, key: string): void {
    writeFileSync(this.at(`guard/${file}`), `${who} ${readFileSync(this.at(`${key}.pub`), 'utf8')}`);
  }

  /** Says for which storage, and as which account, plans are taken. */
  permit(...lines: readonly string[]): void {
    writeFileSync(this.at('guard/permitted_storage'), lines.map((line) => `${line}\n`).join(''));
  }

  distrust(file: string): void {
    rmSync(this.at(`guard/${file}`), { force: true });
  }

  /** By OpenSSH itself. */
  sign(text: string, key: string, namespace: string): string {
    writeFileSync(this.at('text'), text);
    rmSync(this.at('text.sig'), { force: true });
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', this.at(key), '-n', namespace, this.at('text')], {
      stdio: 'ignore',
    });
    return readFileSync(this.at('text.sig'), 'utf8');
  }

  signed(plan: Plan): SignedPlan {
    return { plan, signature: this.sign(planDocument(plan), 'bot', 'registry-doctor-plan'), approvals: [] };
  }

  /** As the shell that `/bin/sh` may be on a host runs the file. */
  run(shell: Shell, request: GuardRequest, words: readonly string[] = ['in-time']) {
    return this.runAt(shell, this.path, request, words);
  }

  runAt(shell: Shell, path: string, request: GuardRequest, words: readonly string[] = ['in-time']) {
    const [program = '', ...options] = shell.command.filter((word) => word !== '-s');
    return spawnSync(program, [...options, path, ...words], { input: request, env: { PATH: '/usr/bin:/bin' } });
  }

  /** The guard's path over a link, in a directory of this mode. */
  linkedFrom(mode: number): string {
    const directory = mkdtempSync(this.at('links-'));
    symlinkSync(this.directory, join(directory, 'way'));
    chmodSync(directory, mode);
    return join(directory, 'way/guard/guard');
  }

  apply(shell: Shell, signed: SignedPlan): ApplyOutcome {
    return parseApplyOutcome(this.run(shell, applyRequest(NONCE, signed)).stdout, NONCE);
  }

  outcome(shell: Shell, signed: SignedPlan): ApplyOutcome {
    return parseApplyOutcome(this.run(shell, outcomeRequest(NONCE, signed)).stdout, NONCE);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

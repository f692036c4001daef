import type { TestContext } from 'node:test';
import type { LaneLimits } from '../../src/ssh/run/host-lane.ts';
import { Ssh2RemoteHost } from '../../src/ssh/run/remote-host.ts';
import { sshProblem } from '../../src/words/en/ssh.ts';
import type { Log } from '../../src/workflow/ports/bot.ts';
import type { HostSessions } from '../../src/workflow/ports/bots.ts';
import type { RemoteOutcome } from '../../src/workflow/ports/host.ts';
import { type Sshd, type SshdOptions, startSshd } from '../support/hosts/sshd.ts';

/** Generous: whatever is slow here is the machine and not the code. */
export const CALM = { timeoutMs: 60_000, maxOutputBytes: 1_000_000 };

/** A log that is kept, so that a test can look into it. */
export class KeptLog implements Log {
  readonly lines: Record<string, unknown>[] = [];

  child(): Log {
    return this;
  }

  debug(fields: Record<string, unknown>, message: string): void {
    this.lines.push({ ...fields, message });
  }

  readonly info = this.debug;
  readonly warn = this.debug;
  readonly error = this.debug;
}

/** A server that is stopped with the test. */
export async function sshdFor(t: TestContext, options?: SshdOptions): Promise<Sshd> {
  const sshd = await startSshd(options);
  t.after(() => sshd.stop());
  return sshd;
}

export type RemoteUnderTest = {
  readonly agentSocket?: string | null;
  readonly keyPassphrase?: string | null;
  readonly limits?: Partial<LaneLimits>;
  readonly log?: Log;
  readonly sessions?: HostSessions;
};

/** What is tested; closed with the test. */
export function remoteHostFor(t: TestContext, knownHostsFile: string, options: RemoteUnderTest = {}): Ssh2RemoteHost {
  const { agentSocket = null, keyPassphrase = null, limits = {}, log = new KeptLog(), sessions } = options;
  const remote = new Ssh2RemoteHost({ knownHostsFile, agentSocket, keyPassphrase, limits, log, sessions });
  t.after(() => remote.close());
  return remote;
}

/** One word for how a script ended, and what it printed. */
export function summary(outcome: RemoteOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exit ${outcome.exitCode}: ${stdoutOf(outcome)}`;
    case 'not-connected':
      return `${outcome.reason}: ${sshProblem(outcome.why)}`;
    default:
      return outcome.kind;
  }
}

export function stdoutOf(outcome: RemoteOutcome): string {
  return outcome.kind === 'not-connected' ? '' : Buffer.from(outcome.output.stdout).toString();
}

export function stderrOf(outcome: RemoteOutcome): string {
  return outcome.kind === 'not-connected' ? '' : Buffer.from(outcome.output.stderr).toString();
}

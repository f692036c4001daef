import type { SudoProblem } from '../connection/no-answer.ts';
import type { SshPlace, SshProblem } from '../connection/ssh-problem.ts';
import type { GuardReason } from '../plan/guard-reason.ts';
import type { HostSettings } from '../settings/settings.ts';

/** What `registry-doctor check` tests on a host, in order. Each test relies on those before it. */
export type HostCheckName =
  | 'key'
  | 'known-hosts'
  | 'reach'
  | 'host-key'
  | 'login'
  | 'forced-command'
  | 'sudo'
  | 'enter'
  | 'guard'
  | 'watch';

/** `skipped`: an earlier one failed. `note`: it works as configured, and limits what the bot can do. */
export type HostCheck<Why = string> = {
  readonly what: HostCheckName;
  readonly result: 'ok' | 'failed' | 'skipped' | 'note';
  /** Why it failed and what to do. For a note, its consequences. For the guard, also how it runs. Otherwise null. */
  readonly why: Why | null;
};

/** Everything before the failed check passed, everything after it was skipped. `failed`: null if all passed. */
export function checksUpTo<Why>(
  all: readonly HostCheckName[],
  failed: HostCheckName | null,
  why: Why | null,
): HostCheck<Why>[] {
  const at = failed === null ? all.length : all.indexOf(failed);
  return all.map((what, index) => {
    if (index < at) return { what, result: 'ok', why: null };
    return index === at ? { what, result: 'failed', why } : { what, result: 'skipped', why: null };
  });
}

/** The same checks, with their texts in words. */
export function inWords<Why>(checks: readonly HostCheck<Why>[], say: (why: Why) => string): HostCheck[] {
  return checks.map(({ why, ...check }) => ({ ...check, why: why === null ? null : say(why) }));
}

/** How a harmless test command ended, if not as expected. */
export type TrialEnd =
  | { readonly code: 'exited'; readonly exitCode: number; readonly said: string }
  | { readonly code: 'no-answer'; readonly timeoutMs: number }
  | { readonly code: 'ssh'; readonly problem: SshProblem };

type HowEnded = { readonly host: HostSettings['name']; readonly at: SshPlace; readonly end: TrialEnd };

/** The text of a check without an installed guard. */
export type TrialNote =
  | { readonly code: 'ssh'; readonly problem: SshProblem }
  | ({ readonly code: 'account-runs-nothing' | 'sudo-not-root' } & HowEnded)
  | ({ readonly code: 'sudo-refused'; readonly problem: SudoProblem; readonly said: string } & HowEnded)
  /** The key is forced to an installed guard, which the config does not name. */
  | { readonly code: 'guard-not-expected'; readonly host: HostSettings['name'] }
  /** The guard could record no plan there, so none can run. */
  | { readonly code: 'record-refused'; readonly host: HostSettings['name']; readonly because: GuardReason }
  | { readonly code: 'entered-nothing'; readonly enter: readonly string[]; readonly end: TrialEnd }
  /** A host with `sudo: false`, whose account is not root. */
  | { readonly code: 'without-sudo'; readonly user: string }
  /** The guard is sent each time. */
  | {
      readonly code: 'guard-over-stdin';
      readonly host: HostSettings['name'];
      readonly user: string;
      readonly asRoot: boolean;
    };

import type { RecoveryDoubt } from '../plan/outcome-reason.ts';
import type { Reason } from '../reason.ts';
import type { SshProblem } from './ssh-problem.ts';

/**
 * How monitoring asks a registry, cheapest first: over HTTP from the bot's machine; over HTTP from the host, through
 * the SSH connection; or by the guard, a program that runs on the host.
 */
export type LookWay = 'from-bot' | 'from-host' | 'guard';

/** A way of asking that costs the host little, and that might not work there. */
export type CheapWay = Exclude<LookWay, 'guard'>;

/** Why a cheap way gave no answer. */
export type WayProblem =
  | { readonly code: 'ssh'; readonly problem: SshProblem }
  | { readonly code: 'no-answer'; readonly url: string; readonly why: Reason }
  | { readonly code: 'not-a-registry'; readonly url: string };

/** `forbidden`: whatever the registry does, this way gives no answer. */
export type WayFailed = { readonly way: CheapWay; readonly forbidden: boolean; readonly why: WayProblem };

/** How one monitored registry is asked, and which cheaper ways gave no answer. */
export type LookedBy = {
  readonly way: LookWay;
  /** Where the registry was asked. Null: it gave no answer. */
  readonly url: string | null;
  /** Why monitoring knows nothing about the registry. Null: it was asked. */
  readonly blindBecause: RecoveryDoubt | 'unknown' | null;
  readonly failed: readonly WayFailed[];
};

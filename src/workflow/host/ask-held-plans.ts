import { parseHeldPlans } from '../../host/answer/parse-held-plans.ts';
import { heldPlansRequest } from '../../host/request/guard-request.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { HeldPlans } from '../../model/record/held-plans.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { RemoteHost, RunOptions } from '../ports/host.ts';
import { runGuard, whyNoAnswer } from './run-guard.ts';

/** A thousand plans of 300 bytes each, and twice as much. */
const LIMITS: RunOptions = { timeoutMs: 60_000, maxOutputBytes: 1024 * 1024 };

export type HeldPlansAnswer =
  | { readonly kind: 'plans'; readonly held: HeldPlans }
  | { readonly kind: 'no-answer'; readonly why: NoAnswer };

/** Asks a host for the plans that ran there, in one round trip that changes nothing. Never throws for what a host does. */
export async function askHeldPlans(remote: RemoteHost, host: HostSettings): Promise<HeldPlansAnswer> {
  const run = await runGuard(remote, host, heldPlansRequest, LIMITS);
  if (run.kind !== 'answered') return { kind: 'no-answer', why: whyNoAnswer(run) };
  const parsed = parseHeldPlans(run.output.stdout, run.nonce);
  switch (parsed.kind) {
    case 'plans':
      return { kind: 'plans', held: { host: host.name, plans: parsed.plans, held: parsed.held } };
    case 'refused':
      return { kind: 'no-answer', why: { code: 'guard-refused', why: parsed.why } };
    case 'malformed':
      return { kind: 'no-answer', why: { code: 'malformed', why: parsed.why } };
  }
}

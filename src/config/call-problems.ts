import type { ConfigProblem } from '../model/settings/config-problem.ts';
import type { HostSettings, Policy } from '../model/settings/settings.ts';

type CallProblem = Extract<ConfigProblem, { kind: 'call-too-late' }>;

/**
 * Calls to a plan that would never be made, because the plan is over by then, or not there yet. A policy comes from several
 * places of the file, so each problem names the first host that has it.
 */
export function callProblems(hosts: readonly Pick<HostSettings, 'name' | 'policy'>[]): readonly CallProblem[] {
  const problems = new Map<string, CallProblem>();
  for (const { name, policy } of hosts) {
    for (const late of lateCalls(policy)) {
      const which = JSON.stringify(late);
      if (!problems.has(which)) problems.set(which, { kind: 'call-too-late', host: name, ...late });
    }
  }
  return [...problems.values()];
}

function lateCalls(policy: Policy): readonly Pick<CallProblem, 'key' | 'minutes' | 'ttlMinutes'>[] {
  const { approvers, remindMinutes, escalateTo, escalateAfterMinutes, approvalTtlMinutes: ttlMinutes } = policy;
  const calls = [
    { key: 'remindMinutes', minutes: approvers === null ? null : remindMinutes },
    { key: 'escalateAfterMinutes', minutes: escalateTo === null ? null : escalateAfterMinutes },
  ] as const;
  return calls.flatMap(({ key, minutes }) =>
    minutes === null || minutes < ttlMinutes ? [] : [{ key, minutes, ttlMinutes }],
  );
}

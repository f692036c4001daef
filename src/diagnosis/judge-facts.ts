import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import { knownValue } from '../model/fact.ts';
import type { Facts } from '../model/host/facts.ts';
import { applySteps } from './access/after/apply-steps.ts';
import { judgeAccess } from './access/judge-access.ts';
import { runChecks } from './checks/run-checks.ts';
import { verdictOf } from './checks/verdict.ts';
import { judgeDurability } from './durability/judge-durability.ts';
import { planFix } from './plan/plan-fix.ts';
import { explainWhyNow } from './why-now/why-now.ts';

/**
 * The complete diagnosis from one host's facts. Pure: the same facts, read from a host or from a saved file, give the
 * same diagnosis.
 */
export function judgeFacts(facts: Facts): Omit<Diagnosis, 'durationMs'> {
  const judged = judgeAccess(facts);
  const durability = judgeDurability(judged);
  const findings = runChecks(judged, durability);
  const plan = planFix(judged);
  return {
    host: facts.host,
    verdict: verdictOf(findings),
    service: judged.service,
    storageRoot: knownValue(facts.storageRoot),
    walk: (judged.walk?.visits ?? []).map(({ step }) => step),
    findings,
    v2: knownValue(facts.v2),
    health: knownValue(facts.health),
    plan,
    images: imagesOf(facts),
    whyNow: explainWhyNow(judged, findings),
    durability: plan === null ? durability : judgeDurability(judgeAccess(applySteps(facts, plan.steps))),
  };
}

function imagesOf({ contents, listed }: Facts): Diagnosis['images'] {
  if (contents.state !== 'known') return null;
  const { repositories, complete } = contents.value;
  return { onDisk: repositories, atLeast: !complete, listed: knownValue(listed)?.repositories ?? null };
}

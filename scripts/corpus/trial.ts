import { randomBytes } from 'node:crypto';
import { createLog } from '../../src/log.ts';
import type { Plan, PlanDraft } from '../../src/model/plan/plan.ts';
import { IncidentId, PlanId } from '../../src/model/record/ids.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';
import { Ssh2RemoteHost } from '../../src/ssh/run/remote-host.ts';

let plans = 0;

/** A plan as the bot seals it, of an incident of its own. `undoes`: the plan that it takes back. */
export function sealedForTrial(draft: PlanDraft, undoes?: Plan): Plan {
  plans += 1;
  return sealPlan(draft, {
    id: PlanId.parse(`${plans}-1`),
    incidentId: IncidentId.parse(plans),
    requestedBy: { kind: 'bot', part: 'watch' },
    now: new Date(),
    ttlMinutes: 15,
    nonce: randomBytes(16).toString('hex'),
    requesterSalt: randomBytes(16).toString('hex'),
    ...(undoes === undefined ? {} : { undoes: { id: undoes.id, hash: undoes.hash } }),
  });
}

/** The product's own way to a host, with no agent and no word in the log. */
export function silentRemote(knownHostsFile: string): Ssh2RemoteHost {
  return new Ssh2RemoteHost({ knownHostsFile, agentSocket: null, keyPassphrase: null, log: createLog('silent') });
}

import { isServing } from '../../diagnosis/checks/evidence/registry-answer.ts';
import { parseAsk } from '../../host/answer/parse-ask.ts';
import type { Answers } from '../../host/probe/registry/parse-answers.ts';
import { askRequest } from '../../host/request/guard-request.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import { knownValue } from '../../model/fact.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { RecoveryDoubt } from '../../model/plan/outcome-reason.ts';
import { wasAsked } from '../../model/reason.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { RemoteHost, RunOptions } from '../ports/host.ts';
import { runGuard, whyNoAnswer } from './run-guard.ts';

const ASK_LIMITS: RunOptions = { timeoutMs: 12_000, maxOutputBytes: 64 * 1024 };

/** What the registry itself answers, asked on its host. `why` is set when there was no answer at all. */
export type RegistryAnswer = {
  readonly v2: HttpAnswer | null;
  readonly health: HttpAnswer | null;
  /** Whether its addresses, as the answers name them, are those of its host's own network, not of a container's. */
  readonly isOnHostNetwork: boolean;
  /** Whether the registry was asked; if the host gave no answer or could not ask, nothing is known of the registry. */
  readonly wasAsked: boolean;
  readonly why: RecoveryDoubt | null;
};

/** Asks the registry on its host for its health: `/v2/`, and `/debug/health` if a debug address is set. */
export async function askRegistry(remote: RemoteHost, host: HostSettings): Promise<RegistryAnswer> {
  const run = await runGuard(remote, host, (nonce) => askRequest({ nonce, host }), ASK_LIMITS);
  if (run.kind !== 'answered') return notAsked(whyNoAnswer(run));
  const parsed = parseAsk(run.output.stdout, run.nonce);
  if (parsed.kind === 'malformed') return notAsked({ code: 'malformed', why: parsed.why });
  return {
    v2: knownValue(parsed.v2),
    health: knownValue(parsed.health),
    isOnHostNetwork: parsed.isOnHostNetwork,
    wasAsked: saysAnything(parsed),
    why: parsed.v2.state === 'unknown' ? { code: 'registry-silent', why: parsed.v2.why } : null,
  };
}

function notAsked(why: NoAnswer): RegistryAnswer {
  return { v2: null, health: null, isOnHostNetwork: false, wasAsked: false, why: { code: 'no-answer', why } };
}

/**
 * Whether the answers decide anything: `/v2/` answered, or was asked and stayed silent, or a health page reports an
 * error.
 */
function saysAnything({ v2, health }: Answers): boolean {
  if (v2.state === 'known' || (v2.state === 'unknown' && wasAsked(v2.why))) return true;
  return health.state === 'known' && health.value.status !== 200;
}

/**
 * Whether the registry is healthy: `/v2/` answers 200, or 401 (it requires a login), and the health page, if there is
 * one, says 200. A registry whose storage health check fails answers 503 to both (distribution:
 * registry/handlers/app.go, health/health.go).
 */
export function isHealthy<Said extends Pick<RegistryAnswer, 'v2' | 'health'>>(
  answer: Said,
): answer is Said & { v2: HttpAnswer } {
  return answer.v2 !== null && isServing(answer.v2) && (answer.health === null || answer.health.status === 200);
}

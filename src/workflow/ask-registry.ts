import { randomBytes } from 'node:crypto';
import { guardInput } from '../host/guard-input.ts';
import { askRequest } from '../host/guard-request.ts';
import type { Answers } from '../host/parse-answers.ts';
import { parseAsk } from '../host/parse-ask.ts';
import { type HttpAnswer, wasAsked } from '../model/facts.ts';
import type { HostSettings } from '../model/settings.ts';
import type { RemoteHost, RunOptions } from './ports.ts';

const ASK_LIMITS: RunOptions = { timeoutMs: 12_000, maxOutputBytes: 64 * 1024 };

/** The registry's own word, asked on its host. `why` is set when there was no answer at all. */
export type RegistryAnswer = {
  readonly v2: HttpAnswer | null;
  readonly health: HttpAnswer | null;
  /** Whether the registry was asked; if the host gave no answer or had no means to ask, the registry may be well or not. */
  readonly wasAsked: boolean;
  readonly why: string | null;
};

/** Asks the registry on its host how it is: `/v2/`, and `/debug/health` where a debug address is set. */
export async function askRegistry(remote: RemoteHost, host: HostSettings): Promise<RegistryAnswer> {
  const nonce = randomBytes(16).toString('hex');
  const outcome = await remote.run(host, guardInput(host, askRequest({ nonce, host })), ASK_LIMITS);
  if (outcome.kind !== 'exited') {
    const why = outcome.kind === 'timed-out' ? 'the host did not answer in time' : outcome.why;
    return { v2: null, health: null, wasAsked: false, why };
  }
  const parsed = parseAsk(outcome.output.stdout, nonce);
  if (parsed.kind === 'malformed') return { v2: null, health: null, wasAsked: false, why: parsed.why };
  return {
    v2: parsed.v2.state === 'known' ? parsed.v2.value : null,
    health: parsed.health.state === 'known' ? parsed.health.value : null,
    wasAsked: saysAnything(parsed),
    why: parsed.v2.state === 'unknown' ? parsed.v2.why : null,
  };
}

/** An answer of `/v2/`, or its silence; without either, a health page that complains says enough. */
function saysAnything({ v2, health }: Answers): boolean {
  if (v2.state === 'known' || (v2.state === 'unknown' && wasAsked(v2.why))) return true;
  return health.state === 'known' && health.value.status !== 200;
}

/**
 * Well: `/v2/` answers 200, or 401 (it asks for a login), and the health page, where there is one, says 200. A registry
 * whose storage health check fails answers 503 to both (distribution: registry/handlers/app.go, health/health.go).
 */
export function isWell<Said extends Pick<RegistryAnswer, 'v2' | 'health'>>(
  answer: Said,
): answer is Said & { v2: HttpAnswer } {
  const isServing = answer.v2?.status === 200 || answer.v2?.status === 401;
  return isServing && (answer.health === null || answer.health.status === 200);
}

import { bytesFromText, type HostPath } from '../../model/host/host-path.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { documentValue } from './document-value.ts';
import { planDocument } from './plan-document.ts';

/**
 * A request to the guard: ASCII text with one `KEY VALUE` per line, each key at its fixed position. It ends with `end`,
 * so that a truncated request is invalid. `scripts/plan/request.sh` parses it.
 */
export type GuardRequest = string;

type LookAt = { readonly nonce: string; readonly host: HostSettings };

/**
 * Builds a request that asks which program the guard is, how it runs, and whose plans it accepts. `parseGuardVersion`
 * reads the answer.
 */
export function versionRequest(nonce: string): GuardRequest {
  return requestOf(nonce, 'version', []);
}

/**
 * Builds a request that asks for the plans that were claimed on this host, their outcomes and checkpoints. `parseHeldPlans` reads the
 * answer.
 */
export function heldPlansRequest(nonce: string): GuardRequest {
  return requestOf(nonce, 'plans', []);
}

/**
 * Builds a request that only asks the registry for its health, which is cheap enough for every few seconds. `parseAsk`
 * reads the answer.
 */
export function askRequest({ nonce, host }: LookAt): GuardRequest {
  return requestOf(nonce, 'ask', settingLines(host, null));
}

/**
 * Builds a request for one diagnosis, which reads, tests and asks, and changes nothing. `parseProbe` reads the answer.
 *
 * @param rootOverride walks to this storage root instead of the one that the guard finds in the config file
 */
export function probeRequest(request: LookAt & { readonly rootOverride: HostPath | null }): GuardRequest {
  return requestOf(request.nonce, 'probe', settingLines(request.host, request.rootOverride));
}

/** The lines about the registry. An empty value is found on the host. */
function settingLines({ registry }: HostSettings, rootOverride: HostPath | null): readonly string[] {
  return [
    `config-path ${documentValue(bytesFromText(registry.config))}`,
    `url ${documentValue(registry.url ?? '')}`,
    `debug-url ${documentValue(registry.debugUrl ?? '')}`,
    `service-user ${documentValue(registry.serviceUser)}`,
    `layout ${registry.layout}`,
    `root ${rootOverride === null ? '-' : documentValue(bytesFromText(rootOverride))}`,
  ];
}

export type SignedPlan = {
  readonly plan: Plan;
  /** The bot's armored signature over the plan document. Null: none, which only a guard over standard input accepts. */
  readonly signature: string | null;
  /** Signatures by the approvers' own keys over the same document. One that the host knows is enough. */
  readonly approvals: readonly string[];
  /** The checkpoint of the record that the host keeps with the plan (hash/checkpoint.ts, `checkpointLine`). Absent: none. */
  readonly checkpoint?: string;
};

/**
 * Builds a request that applies one plan, or undoes one if the plan says so, at most once. The guard compares all
 * preconditions before the first change, makes every change on a pinned inode, and rolls everything back if it does not
 * help. `parseApplyOutcome` reads the answer.
 */
export function applyRequest(nonce: string, signed: SignedPlan): GuardRequest {
  const lines = [...planLines(signed), ...(signed.checkpoint === undefined ? [] : [signed.checkpoint])];
  return requestOf(nonce, signed.plan.undoes === undefined ? 'apply' : 'undo', lines);
}

/**
 * Builds a request for a plan's outcome. The guard settles an interrupted plan, and never starts one.
 * `parseApplyOutcome` reads the answer.
 */
export function outcomeRequest(nonce: string, signed: SignedPlan): GuardRequest {
  return requestOf(nonce, 'outcome', planLines(signed));
}

function planLines({ plan, signature, approvals }: SignedPlan): readonly string[] {
  return [
    ...linesOf(planDocument(plan)).map((line) => `plan ${line}`),
    ...linesOf(signature ?? '').map((line) => `signature ${line}`),
    ...approvals.flatMap(linesOf).map((line) => `approval ${line}`),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function requestOf(nonce: string, verb: string, lines: readonly string[]): GuardRequest {
  return ['registry-doctor-request/1', `nonce ${checkedNonce(nonce)}`, `verb ${verb}`, ...lines, 'end', ''].join('\n');
}

const NONCE = /^[A-Za-z0-9]{8,64}$/;

/** The caller's random word, by which this run's output is told from everything else that a login prints. */
function checkedNonce(nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError('a nonce is 8 to 64 letters and digits');
  return nonce;
}

import { bytesFromText, type HostPath } from '../../model/host/host-path.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { documentValue } from './document-value.ts';
import { planDocument } from './plan-document.ts';

/**
 * What the guard is asked, as text: ASCII, one `KEY VALUE` a line, each key in its place, ended by `end`, so that a request that was cut
 * is none. `scripts/request.sh` takes it apart.
 */
export type GuardRequest = string;

type LookAt = { readonly nonce: string; readonly host: HostSettings };

/** Which program this is, how it is run, and whose plans it takes. For `parseGuardVersion`. */
export function versionRequest(nonce: string): GuardRequest {
  return requestOf(nonce, 'version', []);
}

/** Asks the registry how it is, and no more: cheap enough to run every few seconds. For `parseAsk`. */
export function askRequest({ nonce, host }: LookAt): GuardRequest {
  return requestOf(nonce, 'ask', settingLines(host, null));
}

/**
 * One diagnosis: it looks, tries and asks, and changes nothing. For `parseProbe`.
 *
 * @param rootOverride walks to this storage root instead of the one that the guard finds in the config file.
 */
export function probeRequest(request: LookAt & { readonly rootOverride: HostPath | null }): GuardRequest {
  return requestOf(request.nonce, 'probe', settingLines(request.host, request.rootOverride));
}

/** Empty: to be found on the host. */
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
  /** The bot's, armored, over the plan document; null: none, which only a guard over standard input takes. */
  readonly signature: string | null;
  /** Of the approvers' own keys, over the same document. One that the host knows is enough. */
  readonly approvals: readonly string[];
};

/**
 * Carries out one plan, or takes one back where it says so, at most once whatever happens. All preconditions are compared before the
 * first change, every change is made on a pinned inode, and it is undone when it does not help. For `parseApplyOutcome`.
 */
export function applyRequest(nonce: string, signed: SignedPlan): GuardRequest {
  return requestOf(nonce, signed.plan.undoes === undefined ? 'apply' : 'undo', planLines(signed));
}

/** What became of a plan; one that was interrupted is ended, none is ever started. */
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

/** The caller's random word, which marks this run's output among everything else that a login may print. */
function checkedNonce(nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError('a nonce is 8 to 64 letters and digits');
  return nonce;
}

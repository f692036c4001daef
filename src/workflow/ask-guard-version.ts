import { randomBytes } from 'node:crypto';
import { guardInput } from '../host/guard-input.ts';
import { versionRequest } from '../host/guard-request.ts';
import { parseGuardVersion } from '../host/parse-guard-version.ts';
import type { GuardVersion } from '../model/guard-version.ts';
import type { HostSettings } from '../model/settings.ts';
import type { NotConnectedReason, RemoteHost, RunOptions } from './ports.ts';
import { isSudoRefusal } from './sudo-refusal.ts';

const LIMITS: RunOptions = { timeoutMs: 15_000, maxOutputBytes: 64 * 1024 };

/** What came of asking a host's guard what it is. */
export type GuardAnswer =
  | { readonly kind: 'version'; readonly version: GuardVersion }
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: string }
  /** sudo ran nothing; `said` is its own word. */
  | { readonly kind: 'sudo-refused'; readonly said: string }
  /** Something ended, and it was no guard of ours. */
  | { readonly kind: 'other'; readonly exitCode: number; readonly said: string }
  | { readonly kind: 'no-end'; readonly why: string };

/** One round trip that changes nothing. Never throws for what a host does. */
export async function askGuardVersion(remote: RemoteHost, host: HostSettings): Promise<GuardAnswer> {
  const nonce = randomBytes(16).toString('hex');
  const outcome = await remote.run(host, guardInput(host, versionRequest(nonce)), LIMITS);
  if (outcome.kind === 'not-connected') return outcome;
  if (outcome.kind === 'timed-out') return { kind: 'no-end', why: `no answer after ${outcome.timeoutMs / 1000} s` };
  if (outcome.kind === 'no-exit-status') return { kind: 'no-end', why: outcome.why };
  const said = new TextDecoder().decode(outcome.output.stderr);
  if (isSudoRefusal(outcome)) return { kind: 'sudo-refused', said };
  const parsed = parseGuardVersion(outcome.output.stdout, nonce);
  if (parsed.kind === 'version' && outcome.exitCode === 0) return parsed;
  return { kind: 'other', exitCode: outcome.exitCode, said };
}

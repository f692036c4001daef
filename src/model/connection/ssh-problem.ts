import { z } from 'zod';
import { KeyProblem } from '../key-problem.ts';
import type { SshLogin } from '../settings/settings.ts';
import { SystemProblem } from '../system-problem.ts';

/** An SSH server and its login, so that people can try the same. */
export const SshPlace = z.strictObject({ address: z.string(), port: z.number().int(), user: z.string() });
export type SshPlace = z.infer<typeof SshPlace>;

/** The address and user of a login, without its keys. */
export function placeOf({ address, port, user }: SshLogin): SshPlace {
  return { address, port, user };
}

/** How a connection ended, or what a server answered in its own words. */
export const SshDetail = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['closed', 'no-host-key']) }),
  z.strictObject({ code: z.literal('no-answer'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('said'), said: z.string() }),
]);
export type SshDetail = z.infer<typeof SshDetail>;

/** The proof of identity that was offered. */
export const OfferedKey = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key-file'), file: z.string() }),
  z.strictObject({ kind: z.literal('agent'), socket: z.string() }),
]);
export type OfferedKey = z.infer<typeof OfferedKey>;

/** `type` is null if the key's type is unreadable. */
const ShownKey = z.strictObject({ type: z.string().nullable(), fingerprint: z.string() });
export type ShownKey = z.infer<typeof ShownKey>;
const KnownKey = z.strictObject({ type: z.string(), fingerprint: z.string(), line: z.number().int() });
export type KnownKey = z.infer<typeof KnownKey>;

const at = SshPlace;
const timeoutMs = z.number();

/** A problem with one server, or with the login material for it. */
const OneSshProblem = z.discriminatedUnion('code', [
  // Reaching the host.
  z.strictObject({ code: z.enum(['connection-refused', 'name-not-resolved']), at }),
  z.strictObject({ code: z.enum(['connect-timed-out', 'handshake-timed-out']), at, timeoutMs }),
  z.strictObject({ code: z.literal('connect-failed'), at, error: SystemProblem }),
  z.strictObject({ code: z.enum(['handshake-failed', 'session-refused', 'lost-before-start']), at, detail: SshDetail }),
  z.strictObject({ code: z.literal('nothing-in-common'), at, kind: z.enum(['key-exchange', 'cipher', 'mac']) }),
  z.strictObject({ code: z.literal('not-forwarded'), next: SshPlace, detail: SshDetail }),
  /** The host opened no connection to `to` (`address:port`, as the host calls it): sshd forbids it, or it failed. */
  z.strictObject({
    code: z.enum(['forwarding-forbidden', 'forwarding-failed']),
    at,
    to: z.string(),
    detail: SshDetail,
  }),
  z.strictObject({ code: z.literal('too-many-waiting'), waiting: z.number().int() }),
  z.strictObject({ code: z.literal('no-session-left'), sessions: z.number().int(), waitedMs: z.number() }),
  z.strictObject({ code: z.literal('shutting-down') }),
  // The host key.
  z.strictObject({ code: z.literal('known-hosts-unreadable'), file: z.string(), error: SystemProblem }),
  z.strictObject({
    code: z.literal('host-key-unknown'),
    at,
    shown: ShownKey,
    file: z.string(),
    name: z.string(),
    /** A line trusts a certificate authority for this host, which doesn't count. */
    certificateAuthority: z.boolean(),
    malformedLines: z.array(z.number().int()),
  }),
  z.strictObject({
    code: z.literal('host-key-changed'),
    at,
    shown: ShownKey,
    known: z.array(KnownKey).min(1),
    file: z.string(),
    name: z.string(),
  }),
  z.strictObject({
    code: z.literal('host-key-revoked'),
    at,
    shown: ShownKey,
    file: z.string(),
    line: z.number().int(),
  }),
  // Logging in.
  z.strictObject({ code: z.literal('key-unusable'), key: KeyProblem }),
  z.strictObject({ code: z.literal('no-key') }),
  z.strictObject({ code: z.literal('agent-failed'), socket: z.string(), said: z.string() }),
  z.strictObject({ code: z.literal('key-refused'), at, offered: OfferedKey }),
  z.strictObject({ code: z.literal('login-ended'), at, offered: OfferedKey, said: z.string() }),
  z.strictObject({ code: z.literal('key-not-enough'), at, offered: OfferedKey, wanted: z.string() }),
  // Results of a script.
  z.strictObject({ code: z.literal('connection-lost'), detail: SshDetail }),
  z.strictObject({ code: z.literal('ended-by-signal'), signal: z.string() }),
  z.strictObject({ code: z.literal('ended-without-status') }),
  z.strictObject({ code: z.literal('too-much-output'), limitBytes: z.number().int() }),
]);
export type OneSshProblem = z.infer<typeof OneSshProblem>;

/** Why a host could not be reached or entered, and what went wrong with a script there. */
export const SshProblem = z.discriminatedUnion('code', [
  OneSshProblem,
  z.strictObject({ code: z.literal('at-jump-host'), jump: SshPlace, problem: OneSshProblem }),
]);
export type SshProblem = z.infer<typeof SshProblem>;

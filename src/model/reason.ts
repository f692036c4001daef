import { z } from 'zod';
import { HostPath } from './host/host-path.ts';
import { SecurityModule } from './host/security-module.ts';

/** Reasons without a value. A host's scripts send them under the same code. */
export const BareCode = z.enum([
  // About a file, a directory, or anything else that was read.
  'not-permitted',
  'not-there',
  'not-a-directory',
  'is-a-directory',
  'not-a-regular-file',
  'too-many-links',
  'read-only-filesystem',
  'stale-handle',
  'unreadable',
  'path-unreadable',
  'cut-short',
  'changed-meanwhile',
  'target-unread',
  'path-too-long',
  'link-in-own-tree',
  'not-opened',
  'root-unopened',
  'mounts-unreadable',
  // No reason was given, or no readable one.
  'no-reason',
  'not-told',
  'not-understood',
  'systemd-silent',
  'systemctl-silent',
  'clock-not-told',
  // No question was asked, or it does not apply.
  'not-asked',
  'not-asked-of-links',
  'not-asked-below',
  'not-looked-at',
  'not-used-so',
  'asked-inside-only',
  'not-known',
  'clock-incomparable',
  'boot-time-unknown',
  // About the registry's answer.
  'connection-refused',
  'empty-answer',
  'not-http',
  'tls-failed',
  'certificate-untrusted',
  'hung-up-over-tls',
  'answer-hidden',
  'name-unresolved',
  'loopback-address',
  'token-wanted',
  'list-unreadable',
  // About the address that the registry is asked at.
  'address-unknown',
  'address-unreadable',
  'config-without-address',
  'on-unix-socket',
  'tls-without-url',
  'own-network-without-nsenter',
  'own-network-not-permitted',
  'no-address-to-ask',
  'no-tool-to-ask',
  // About the config file.
  'config-missing',
  'config-too-large',
  'config-not-read',
  'not-utf8',
  'not-yaml',
  'not-a-registry-config',
  'no-single-driver',
  'root-not-absolute',
  'storage-overridden',
  'no-directory-named',
  // About the process, its account and its service manager.
  'own-processes-only',
  'processes-unlisted',
  'ended-meanwhile',
  'registry-ended',
  'registry-without-process',
  'neither-process-nor-account',
  'identity-not-known',
  'no-service-manager',
  'not-supervised',
  'no-unit-known',
  // About the token certificate and key.
  'signer-unknown',
  'not-a-certificate',
  'not-a-private-key',
  'key-unreadable',
  'date-unreadable',
  // About an access test as the service.
  'not-tried',
  'not-tried-after-change',
  'not-tried-as-service',
  'tried-as-other',
  'identity-not-exact',
  'no-identity',
  'not-root',
  'setpriv-too-old',
  'setpriv-without-reuid',
  'ids-not-mapped',
  'no-physical-path',
  'find-asks-no-kernel',
  'shell-asks-no-kernel',
  'capabilities-not-triable',
  'contradiction',
  'mount-namespace-unread',
  'capabilities-count-less',
  // About ACLs and attributes.
  'acls-without-getfacl',
  'acls-incomplete',
  'attributes-unread',
  // About mounts.
  'own-mounts',
  'no-mount-table',
  'fstab-line-too-long',
  'fstab-too-long',
  // About the storage and its content.
  'no-storage-root',
  'root-leads-nowhere',
  'docker-leads-nowhere',
  'docker-not-a-directory',
  'nothing-to-look-into',
  'contents-not-in-time',
  'tags-not-in-time',
  'write-places-not-in-time',
  'not-tried-in-time',
  'out-of-reach',
  'parts-not-looked-at',
  'pull-through-cache',
  // About the host's logs and clock.
  'no-log-found',
  'only-failures-logged',
  'nothing-tells-of-clock',
]);
export type BareCode = z.infer<typeof BareCode>;

/** Reasons about one thing: a path, a name or a number. */
export const AboutCode = z.enum([
  'not-permitted-at',
  'missing-on-host',
  'login-not-root',
  'log-is-link',
  'journal-empty',
  /** How many seconds were waited. */
  'no-answer',
  /** The tool that asked and got no answer, and its exit status. */
  'asked-in-vain',
  /** The tools that could not send the request. */
  'tools-failed',
  'status-for-list',
  /** How many registry processes there are. */
  'several-with-config',
  'several-in-containers',
  'several-unnamed',
  'none-with-config',
  'way-too-long',
  'link-not-followed',
  'too-many-resets',
  'part-not-tried',
  'path-not-tried',
  'unit-of-mount-unknown',
  'start-of-unit-unknown',
]);
export type AboutCode = z.infer<typeof AboutCode>;

/** Reasons that have another reason as their cause. */
export const BecauseCode = z.enum([
  'config-unread',
  'process-unknown',
  'account-unknown',
  'try-failed',
  'nothing-tried',
  'acl-unread',
  'link-protection-unread',
  'fstab-unread',
  'resets-unread',
  'foreign-entries-untried',
]);
export type BecauseCode = z.infer<typeof BecauseCode>;

/** An access to the storage that was tested as the service. */
const TriedUse = z.enum(['stat', 'list', 'create']);
const UseCode = z.enum(['use-not-tried', 'use-failed']);

const PlainReason = z.discriminatedUnion('code', [
  z.strictObject({ code: BareCode }),
  z.strictObject({ code: AboutCode, detail: z.string() }),
  /** Something other than the modes decides about a directory on this mount. */
  z.strictObject({
    code: z.enum(['server-decides', 'fuse-decides', 'modes-made-up']),
    filesystem: z.string(),
    mountPoint: HostPath,
  }),
  z.strictObject({ code: z.literal('owners-shifted'), mountPoint: HostPath }),
  z.strictObject({ code: z.literal('module-confines'), module: SecurityModule, label: z.string().nullable() }),
  /** Whether the fstab line matches what is mounted there. */
  z.strictObject({ code: z.literal('fstab-source-unsure'), source: z.string(), path: HostPath }),
  /** Whether such a filesystem will be mounted at the next boot. */
  z.strictObject({ code: z.literal('maker-unsure'), maker: z.enum(['zfs', 'autofs', 'container']), path: HostPath }),
  /** The host's own tool said this, or sent an unknown code. */
  z.strictObject({ code: z.literal('host-said'), said: z.string() }),
]);

/**
 * Why something is unknown: one of a closed set of codes, with its values. Logic compares the codes, and `words/` makes
 * the sentence.
 */
export type Reason =
  | z.infer<typeof PlainReason>
  | { code: BecauseCode; because: Reason }
  | { code: z.infer<typeof UseCode>; use: z.infer<typeof TriedUse>; because: Reason };
export type ReasonCode = Reason['code'];

const because = z.lazy((): z.ZodType<Reason> => Reason);
export const Reason: z.ZodType<Reason> = z.discriminatedUnion('code', [
  ...PlainReason.options,
  z.strictObject({ code: BecauseCode, because }),
  z.strictObject({ code: UseCode, use: TriedUse, because }),
]);

const SILENCES: ReadonlySet<ReasonCode> = new Set(['connection-refused', 'no-answer', 'empty-answer']);
const READ_IN_VAIN: ReadonlySet<ReasonCode> = new Set([
  ...(['not-http', 'tls-failed', 'certificate-untrusted', 'answer-hidden', 'asked-in-vain'] as const),
]);

/**
 * The config files of the registries that run on the host, if all of them use another one than was looked for. At most a few, and
 * only plain names. Null: that is not the reason.
 */
export function otherConfigs(reason: Reason): readonly string[] | null {
  if ('because' in reason) return otherConfigs(reason.because);
  return reason.code === 'none-with-config' ? reason.detail.split(' ').slice(1) : null;
}

/** Whether the registry was sent a request and did not answer. */
export function isSilence({ code }: Reason): boolean {
  return SILENCES.has(code);
}

/**
 * Whether a request was sent, so that its missing answer says something about the registry. With any other reason no
 * request could be sent, and nothing is known.
 */
export function wasAsked(reason: Reason): boolean {
  return isSilence(reason) || READ_IN_VAIN.has(reason.code);
}

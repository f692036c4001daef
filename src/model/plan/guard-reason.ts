import { z } from 'zod';
import { HostPath } from '../host/host-path.ts';
import { Mode } from '../host/posix.ts';
import { Reason } from '../reason.ts';

/** Codes without values: about the plan, the host's own record of it, the login, or the service's process. */
const PLAIN = z.enum([
  // The text of the request and the plan.
  'request-too-long',
  'request-foreign-byte',
  'request-malformed',
  'unknown-act',
  'plan-malformed',
  'not-called-by-path',
  // Who signed it, for which host and until when.
  'not-signed',
  'unknown-signer',
  'approval-missing',
  'unknown-approver',
  'no-ssh-keygen',
  'scope-missing',
  'other-host',
  'host-restarted',
  'time-is-up',
  'risk-understated',
  // What the guard refuses in any plan.
  'step-count',
  'path-not-absolute',
  'path-not-physical',
  'path-over-link',
  'protected-directory',
  'protected-storage',
  'protected-use',
  'step-contradicts-itself',
  'unknown-action',
  'world-writable',
  'not-a-mode',
  'special-bits',
  'not-an-owner',
  'foreign-owner',
  'foreign-group',
  'not-a-directory',
  'not-a-file',
  'unrelated-path',
  'passed-directory',
  'directory-beside-storage',
  // ACLs.
  'no-acl-tools',
  'not-an-acl',
  'acl-entry-added',
  'acl-entry-removed',
  'acl-entries-wake',
  'acl-entries-sleep',
  'others-lose',
  'others-gain',
  // Single files.
  'file-owner',
  'file-rights-lost',
  'file-rights-gained',
  'file-special-bits',
  'file-many-names',
  'file-hardlinks-unprotected',
  'file-not-named',
  'secret-opened',
  'file-acl-mask',
  'file-foreign-group',
  // Whole trees.
  'tree-entry-count',
  'tree-needs-root',
  'no-gnu-tools',
  'tree-hardlinks-unprotected',
  'mount-below',
  'odd-entry',
  'list-not-saved',
  'list-not-on-record',
  // The process that the plan names, and whether the change helped.
  'process-ended',
  'process-identity-differs',
  'process-of-other-account',
  'process-in-user-namespace',
  'storage-still-closed',
  'tree-still-closed',
  // The host's own record of plans.
  'no-flock',
  'shell-closes-files',
  'no-home-directory',
  'record-not-locked',
  'record-not-opened',
  'record-not-own',
  'not-recorded',
  'plan-not-on-record',
  'interrupted',
  'interrupted-between',
  'interrupted-before-change',
  // Undoing an applied plan.
  'takes-plan-back',
  'takes-no-plan-back',
  'undone-plan-not-applied',
  'undone-plan-not-on-record',
  'not-the-reverse',
  'not-put-back',
]);

/** Codes about one path on the host. */
const ABOUT_PATH = z.enum([
  'open-link',
  'open-directory',
  'untrusted-file',
  'not-own-directory',
  'directory-not-made',
  'record-disk-full',
  'link-of-service',
  'changed-just-now',
  'storage-not-permitted',
  'file-not-public',
  'still-unreadable',
  'still-unwritable',
  'still-unusable',
]);

/** Codes about the directory or file of a step. */
const ABOUT_STEP = z.enum(['two-steps-for-one', 'unreadable', 'changed-meanwhile', 'not-openable', 'not-as-left']);

/** Codes about the command of a step. */
const ABOUT_ACTION = z.enum(['entry-differs', 'change-without-effect']);

/** Codes that have another reason as their cause. */
const BECAUSE = z.enum(['access-not-tested', 'access-not-testable', 'record-unseen']);

const Action = z.enum(['chmod', 'chown', 'setfacl']);

/**
 * Why a host's guard refused a plan, or what kept the plan from being applied. A guard sends a code and its values;
 * `words/` has the sentence.
 */
export const GuardReason = z.discriminatedUnion('code', [
  z.strictObject({ code: PLAIN }),
  z.strictObject({ code: ABOUT_PATH, path: HostPath }),
  z.strictObject({ code: ABOUT_STEP, what: z.enum(['directory', 'file']) }),
  z.strictObject({ code: ABOUT_ACTION, action: Action }),
  z.strictObject({ code: BECAUSE, because: Reason }),
  z.strictObject({ code: z.literal('change-failed'), action: Action, detail: z.string() }),
  /** The host has no program of this name, so the guard does nothing there. */
  z.strictObject({ code: z.literal('tool-missing'), tool: z.string() }),
  /** Where the guard keeps its plans is a directory that `wanted` has to own, alone, and that is `owner`'s or open to others. */
  z.strictObject({
    code: z.literal('record-place-of-other'),
    wanted: z.string(),
    owner: z.string(),
    mode: Mode,
    path: HostPath,
  }),
  /** `list` is the file that would have to name it. `account` is null if the file names none for this service. */
  z.strictObject({
    code: z.literal('file-not-permitted'),
    list: HostPath,
    account: z.string().nullable(),
    path: HostPath,
  }),
  /** An unknown code, of another version of the guard. */
  z.strictObject({ code: z.literal('host-said'), said: z.string() }),
]);
export type GuardReason = z.infer<typeof GuardReason>;
export type GuardReasonCode = GuardReason['code'];

/** Every code except that of the host's own words, for code that needs the complete list. */
export const GUARD_CODES: readonly GuardReasonCode[] = [
  ...PLAIN.options,
  ...ABOUT_PATH.options,
  ...ABOUT_STEP.options,
  ...ABOUT_ACTION.options,
  ...BECAUSE.options,
  'change-failed',
  'tool-missing',
  'file-not-permitted',
  'record-place-of-other',
];

/** The program without which a host's guard runs no plan. Null: it is something else. */
export function missingProgram(reason: GuardReason): string | null {
  switch (reason.code) {
    case 'no-flock':
      return 'flock';
    case 'no-ssh-keygen':
      return 'ssh-keygen';
    case 'tool-missing':
      return reason.tool;
    case 'access-not-testable': {
      const { because } = reason;
      if (because.code === 'setpriv-without-reuid') return 'setpriv';
      return because.code === 'missing-on-host' ? because.detail : null;
    }
    default:
      return null;
  }
}

/** Programs that busybox has only in part, or not at all. */
export const OF_UTIL_LINUX: ReadonlySet<string> = new Set(['flock', 'setpriv']);

import { z } from 'zod';
import { AclText } from '../host/acl.ts';
import { HostPath } from '../host/host-path.ts';
import { Mode } from '../host/posix.ts';
import { HostName, PlanId, Sha256 } from '../record/ids.ts';
import { Risk } from './plan.ts';

/**
 * A plan as a host accepts it and as it is signed, parsed from its text. Everything shown to a signer comes from the
 * signed bytes only. The keys are those of the text, in its order; a value is null if the text has none.
 */

const Decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/)
  .transform(Number);
/** Device and inode numbers can exceed 2^53. */
const LongDecimal = z.string().regex(/^\d+$/);
const OwnerAndGroup = z.string().regex(/^\d+:\d+$/);
const Flag = z.enum(['0', '1']).transform((flag) => flag === '1');
const HashDigits = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((digits) => Sha256.parse(`sha256:${digits}`));

export const PlanDocumentHead = z
  .strictObject({
    plan: PlanId,
    hash: HashDigits,
    /** The hash of the plan that this one undoes. */
    undoes: HashDigits.nullable(),
    host: HostName,
    hostname: z.string().nullable(),
    boot: z.string().nullable(),
    'until-uptime': Decimal.nullable(),
    expires: z.iso.datetime(),
    nonce: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .nullable(),
    risk: Risk,
    root: HostPath.nullable(),
    uid: Decimal,
    gid: Decimal,
    groups: z
      .string()
      .regex(/^\d+(,\d+)*$/)
      .nullable()
      .transform((groups) => groups?.split(',').map(Number) ?? []),
    override: Flag,
    search: Flag,
    process: z
      .string()
      .regex(/^[1-9]\d*:\d+$/)
      .nullable(),
    /** How many paths outside the storage root the service has to be able to use. They follow these keys. */
    also: Decimal.pipe(z.number().max(16)),
    steps: Decimal.pipe(z.number().min(1).max(64)),
  })
  /** A plan needs something to test afterwards: the storage root or another path. */
  .refine(({ root, also }) => root !== null || also > 0, { path: ['root'] });
export type PlanDocumentHead = z.output<typeof PlanDocumentHead>;

export const PlanDocumentAlso = z.strictObject({
  use: z.enum(['read', 'write', 'directory']),
  secret: Flag,
  at: HostPath,
});
export type PlanDocumentAlso = z.output<typeof PlanDocumentAlso>;

/** The keys of every step. `action` says what `from` and `to` are. */
const stepOf = <const A extends string, V extends z.ZodType, K extends z.ZodType>(action: A, value: V, kind: K) =>
  z.strictObject({
    step: Decimal,
    action: z.literal(action),
    path: HostPath,
    device: LongDecimal,
    inode: LongDecimal,
    mode: Mode,
    owner: OwnerAndGroup,
    acl: AclText.nullable(),
    from: value,
    to: value,
    /** How many entries at or below the path are changed. Null: the one at the path. */
    entries: Decimal.nullable(),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    kind,
  });

/** Without `entries`, `file` means the file at the path, and no kind means a directory. */
const ChmodStep = stepOf('chmod', Mode, z.enum(['directory', 'file']).nullable());
const ChownStep = stepOf('chown', OwnerAndGroup, z.null());
const SetfaclStep = stepOf('setfacl', AclText, z.literal('file').nullable());

/** The keys of a step in order, the same for every action. */
export const STEP_KEYS = Object.keys(ChmodStep.shape);

export const PlanDocumentStep = z
  .discriminatedUnion('action', [ChmodStep, ChownStep, SetfaclStep])
  .refine(({ entries, digest }) => (entries === null) === (digest === null), { path: ['digest'] })
  .refine(({ action, entries }) => action !== 'setfacl' || entries === null, { path: ['entries'] })
  .refine(
    ({ action, kind, entries }) => action !== 'chmod' || kind === 'file' || (kind === null) === (entries === null),
    {
      path: ['kind'],
    },
  );
export type PlanDocumentStep = z.output<typeof PlanDocumentStep>;

export type PlanDocument = {
  readonly head: PlanDocumentHead;
  readonly also: readonly PlanDocumentAlso[];
  readonly steps: readonly PlanDocumentStep[];
};

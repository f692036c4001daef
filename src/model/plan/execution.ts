import { z } from 'zod';
import { AclText } from '../host/acl.ts';
import { HttpAnswer, Mode, TryResult } from '../host/facts.ts';
import { HostPath } from '../host/host-path.ts';
import { PlanId } from '../record/ids.ts';
import { GuardReason } from './guard-reason.ts';
import { OutcomeReason, RecoveryDoubt } from './outcome-reason.ts';

/** Everything that a step could have changed on a directory. `acl` is null if the host can't show ACLs. */
export const DirectoryState = z.strictObject({
  mode: Mode,
  uid: z.number().int(),
  gid: z.number().int(),
  acl: AclText.nullable(),
});
export type DirectoryState = z.infer<typeof DirectoryState>;

/** The entries of a tree that got another owner or mode: a file on the host that lists them, and its SHA-256. */
export const SavedList = z.strictObject({ file: HostPath, digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** The state of one step's directory before and after: as the step writes it (`0750`, or `0:0`), and completely. */
export const StepRecord = z.strictObject({
  path: HostPath,
  before: z.string(),
  after: z.string(),
  /** The state before the step. Null: it could not be read. */
  was: DirectoryState.nullable(),
  is: DirectoryState.nullable(),
  savedList: SavedList.optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** A plan's outcome, as the host reports it. */
export const ApplyOutcome = z.discriminatedUnion('kind', [
  /** Every step done, and the identity can reach the storage root. */
  z.strictObject({ kind: z.literal('applied'), steps: z.array(StepRecord), tried: TryResult }),
  /** A precondition no longer held; nothing was changed. */
  z.strictObject({ kind: z.literal('stale'), path: HostPath, expected: z.string(), found: z.string() }),
  /** Changed, but it failed half-way or did not help. Every directory is as it was before. */
  z.strictObject({ kind: z.literal('undone'), why: GuardReason, steps: z.array(StepRecord) }),
  /** Refused before anything was changed. */
  z.strictObject({ kind: z.literal('refused'), why: OutcomeReason }),
  /** The rollback failed as well: a person has to check. */
  z.strictObject({ kind: z.literal('undo-failed'), why: GuardReason, steps: z.array(StepRecord) }),
  /** The host has no trace of this plan. */
  z.strictObject({ kind: z.literal('never-started') }),
  /** Claimed on the host, and still running. */
  z.strictObject({ kind: z.literal('running') }),
  /** The outcome could not be found out, or not yet. */
  z.strictObject({ kind: z.literal('unknown'), why: OutcomeReason }),
]);
export type ApplyOutcome = z.infer<typeof ApplyOutcome>;

/** The execution of one approved plan on its host. At most one per plan. */
export const Execution = z.strictObject({
  planId: PlanId,
  intendedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  outcome: ApplyOutcome.nullable(),
});
export type Execution = z.infer<typeof Execution>;

/** The registry's own answer after a change. */
export const Verification = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('well'), afterMs: z.number(), v2: HttpAnswer, health: HttpAnswer.nullable() }),
  z.strictObject({
    kind: z.literal('not-well'),
    afterMs: z.number(),
    v2: HttpAnswer.nullable(),
    health: HttpAnswer.nullable(),
    why: RecoveryDoubt,
  }),
  /** The registry could not be asked after the change, and will not be. */
  z.strictObject({ kind: z.literal('not-asked'), afterMs: z.number(), why: RecoveryDoubt }),
]);
export type Verification = z.infer<typeof Verification>;

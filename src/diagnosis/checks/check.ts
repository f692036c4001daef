import type { Durability } from '../../model/diagnosis/durability.ts';
import type { CheckedFindingId, FaultKind, Finding, FindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

/** One question about the judged facts: it finds every instance of its one failing state, or nothing. */
export type Check<Id extends CheckedFindingId> = {
  readonly id: Id;
  /** What a fault of this kind is about, for the story of why it shows now. Default: `service`. */
  readonly faultKind?: FaultKind;
  /** Whether the finding keeps the registry from being called healthy, even as a warning. */
  readonly inconclusive?: true;
  /** `each-path`: run for the storage root and for every path inside the storage that has a path of its own. */
  readonly scope?: 'each-path';
  /** `durability`: whether the present state lasts. Null if there is no working state to keep. */
  look(judged: JudgedAccess, durability: Durability | null): readonly FindingOf<Id>[];
  /** Faults that explain this one. Beside one of them it is only information. */
  readonly consequenceOf?: readonly FindingId[] | ((finding: Finding) => readonly FindingId[]);
};

/** A check of any kind of finding. */
export type AnyCheck = { [Id in CheckedFindingId]: Check<Id> }[CheckedFindingId];

/**
 * The faults with which the probe saw the empty directory under a mount point. Other findings there are only
 * consequences.
 */
export const SHOWS_A_STUB = [
  'mount-missing',
  'wrong-disk-mounted',
  'container-sees-old-mount',
] as const satisfies readonly FindingId[];

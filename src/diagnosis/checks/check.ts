import type { Durability } from '../../model/diagnosis/durability.ts';
import type { CheckedFindingId, FaultKind, Finding, FindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

/** One check of the diagnosis: it reports every instance of one kind of fault, or nothing. */
export type Check<Id extends CheckedFindingId> = {
  readonly id: Id;
  /** The kind of fault that the why-now answer is about. Default: `service`. */
  readonly faultKind?: FaultKind;
  /** Whether the finding keeps the registry from being called healthy, even as a warning. */
  readonly inconclusive?: true;
  /**
   * `each-path`: the check runs for the storage root, and for every path inside the storage that is walked on its own.
   */
  readonly scope?: 'each-path';
  /**
   * Returns the findings. `durability`: whether the current access survives a reboot. Null if there is no working
   * access to keep.
   */
  look(judged: JudgedAccess, durability: Durability | null): readonly FindingOf<Id>[];
  /** Faults that explain this one. If one of them is found, this finding is only information. */
  readonly consequenceOf?: readonly FindingId[] | ((finding: Finding) => readonly FindingId[]);
};

/** A check of any kind of finding. */
export type AnyCheck = { [Id in CheckedFindingId]: Check<Id> }[CheckedFindingId];

/**
 * Faults that mean that the probe saw the empty directory under an unmounted disk. Other findings there are only their
 * consequences.
 */
export const SHOWS_A_STUB = [
  'mount-missing',
  'wrong-disk-mounted',
  'container-sees-old-mount',
] as const satisfies readonly FindingId[];

import type { JudgedAccess } from '../access/judge-access.ts';
import type { Finding, FindingId } from '../model/finding.ts';

/** One question to the judged facts: it finds every instance of its one failing state, or nothing. */
export type Check = {
  readonly id: FindingId;
  /** `each-path`: asked of the storage root and of every path inside the storage that is reached by a way of its own. */
  readonly scope?: 'each-path';
  look(judged: JudgedAccess): readonly Finding[];
  /** Faults that explain this one: beside one of them it is no more than information. */
  readonly consequenceOf?: readonly FindingId[] | ((finding: Finding) => readonly FindingId[]);
};

/** What is met in place of the storage then is a stub: nothing else that is wrong there counts beside one of these. */
export const SHOWS_A_STUB = [
  'mount-missing',
  'wrong-disk-mounted',
  'container-sees-old-mount',
] as const satisfies readonly FindingId[];

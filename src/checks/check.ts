import type { JudgedAccess } from '../access/judge-access.ts';
import type { Finding, FindingId } from '../model/finding.ts';

/** One question to the judged facts: it finds every instance of its one failing state, or nothing. */
export type Check = {
  readonly id: FindingId;
  look(judged: JudgedAccess): readonly Finding[];
  /** Faults that explain this one: beside one of them it is no more than information. */
  readonly consequenceOf?: readonly FindingId[] | ((finding: Finding) => readonly FindingId[]);
};

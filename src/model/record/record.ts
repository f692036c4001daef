import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Decision } from '../plan/decision.ts';
import type { Execution, Verification } from '../plan/execution.ts';
import type { Plan, PlanState } from '../plan/plan.ts';
import type { AuditEntry } from './audit.ts';
import type { Incident } from './incident.ts';
import type { RowDoubt } from './row-doubt.ts';
import type { GiveUpReason } from './slack-failure.ts';
import type { RecordMark, ThreadMessage } from './thread-message.ts';

/** What else knows of an entry: the row that remembers the last one, or a message that told of it. */
export type RecordWitness = { readonly kind: 'head' } | { readonly kind: 'message'; readonly key: string };

/** What is wrong with the record. Data; `words/` turns it into a sentence. */
export type RecordProblem =
  /** A row holds something that this version cannot have written, so it cannot be judged. */
  | { readonly kind: 'unreadable'; readonly table: string; readonly key: string; readonly why: RowDoubt }
  /** The entry's content is not what its hash was made over. */
  | { readonly kind: 'changed'; readonly sequence: number }
  /** Entries `sequence` to `through` are not there, but later ones are. */
  | { readonly kind: 'missing'; readonly sequence: number; readonly through: number }
  /** The entry is whole, but it was written in another place. */
  | { readonly kind: 'reordered'; readonly sequence: number; readonly writtenAs: number }
  /** The entry is whole, but it does not follow on the one before it. */
  | { readonly kind: 'chain-broken'; readonly sequence: number }
  /** The end is cut off: `witness` knows of an entry after the last one (0: there is none at all). */
  | {
      readonly kind: 'tail-missing';
      readonly last: number;
      readonly writtenUpTo: number;
      readonly witness: RecordWitness;
    }
  /** There are entries after the last one that the bot has written. */
  | { readonly kind: 'not-by-us'; readonly sequence: number; readonly through: number }
  /** `witness` was told another hash of this entry than it has now: the chain was made anew. */
  | { readonly kind: 'contradicted'; readonly sequence: number; readonly witness: RecordWitness }
  /** The stored plan is not the one that was sealed and put on record. */
  | { readonly kind: 'plan-changed'; readonly planId: string }
  /** What a table holds about a plan is not what its entries tell: changed, taken out or put in. */
  | {
      readonly kind: 'row-disagrees';
      readonly about: 'decisions' | 'execution' | 'state';
      readonly planId: string;
    }
  /** The row that entry `sequence` put on record is missing or another one, or the entry knows of none. */
  | { readonly kind: 'body-disagrees'; readonly about: 'diagnosis' | 'verification'; readonly sequence: number }
  /** Entry `sequence` tells of a plan that is not there. */
  | { readonly kind: 'plan-missing'; readonly planId: string; readonly sequence: number };

/** What checking the whole record came to. The first problem is the one to look at first. */
export type RecordCheck =
  | { readonly kind: 'intact'; readonly entries: number; readonly last: RecordMark | null }
  | {
      readonly kind: 'broken';
      readonly entries: number;
      readonly problems: readonly [RecordProblem, ...RecordProblem[]];
    };

/** How far a message is on its way to Slack; `since` and `at` are ISO 8601. */
export type MessageDelivery =
  | { readonly kind: 'delivered'; readonly ts: string; readonly at: string }
  | { readonly kind: 'waiting'; readonly since: string }
  | { readonly kind: 'given-up'; readonly why: GiveUpReason };

/** The registry's own answer after a change, and when it was put on record. */
export type RecordedVerification = { readonly verification: Verification; readonly at: string };

/** One incident as the record holds it: plan, review, execution, record. */
export type IncidentRecord = {
  readonly incident: Incident;
  /** In their order. */
  readonly diagnoses: readonly Diagnosis[];
  /** In the order in which they were proposed. */
  readonly plans: readonly {
    readonly plan: Plan;
    readonly state: PlanState;
    /** In their order: approvals, and at the end perhaps a rejection. */
    readonly decisions: readonly Decision[];
    readonly execution: Execution | null;
  }[];
  /** In their order. */
  readonly verifications: readonly RecordedVerification[];
  readonly entries: readonly AuditEntry[];
  /** In the order in which they were first put. */
  readonly messages: readonly { readonly body: ThreadMessage; readonly delivery: MessageDelivery }[];
};

import { z } from 'zod';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Decision } from '../plan/decision.ts';
import type { Execution, Verification } from '../plan/execution.ts';
import type { Plan, PlanState } from '../plan/plan.ts';
import type { ReceivedAlert } from './alert.ts';
import type { AuditEntry } from './audit.ts';
import type { ErasableField } from './erasable.ts';
import type { HeldOutcome } from './held-plans.ts';
import type { HostName, Sha256 } from './ids.ts';
import type { Incident } from './incident.ts';
import { GiveUpReason } from './messages/slack-failure.ts';
import type { EntryMark, ThreadMessage } from './messages/thread-message.ts';
import type { UnreadableRow } from './unreadable-row.ts';

/** Where a checkpoint was kept: in the record itself, in a file that someone handed in, or on a host with a plan that ran there. */
export type CheckpointSource =
  | { readonly kind: 'record' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'host'; readonly host: HostName }
  /** A post in the incident channel. */
  | { readonly kind: 'slack' };

/** A second source about an entry: the row with the last one, a message that showed it, or a checkpoint over it. */
export type RecordWitness =
  | { readonly kind: 'head' }
  | { readonly kind: 'message'; readonly key: string }
  /** A post that Slack shows. */
  | { readonly kind: 'slack'; readonly ts: string }
  | { readonly kind: 'checkpoint'; readonly source: CheckpointSource };

/** A problem of the record. Data; `words/` turns it into a sentence. */
export type RecordProblem =
  /** A row holds something that this version can't have written, so it can't be judged. */
  | { readonly kind: 'unreadable'; readonly table: string; readonly key: string; readonly why: UnreadableRow }
  /** The entry's content does not match its hash. */
  | { readonly kind: 'changed'; readonly sequence: number }
  /** Entries `sequence` to `through` are missing, but later ones exist. */
  | { readonly kind: 'missing'; readonly sequence: number; readonly through: number }
  /** The entry is intact, but it was written at another position. */
  | { readonly kind: 'reordered'; readonly sequence: number; readonly writtenAs: number }
  /** The entry is intact, but it does not follow the one before it. */
  | { readonly kind: 'chain-broken'; readonly sequence: number }
  /** The end is cut off: `witness` knows an entry after the last one (0: there is none). */
  | {
      readonly kind: 'tail-missing';
      readonly last: number;
      readonly writtenUpTo: number;
      readonly witness: RecordWitness;
    }
  /** The row with the last entry is missing, and there are entries. `last`: the last of them. */
  | { readonly kind: 'head-missing'; readonly last: number }
  /** There are entries after the last one that the bot wrote. */
  | { readonly kind: 'not-by-us'; readonly sequence: number; readonly through: number }
  /** `witness` has another hash for this entry than the chain: the chain was rewritten. */
  | { readonly kind: 'contradicted'; readonly sequence: number; readonly witness: RecordWitness }
  /** A checkpoint over the first `through` entries was signed over others; the first `after` are proven by another one. */
  | {
      readonly kind: 'rewritten';
      readonly after: number;
      readonly through: number;
      readonly source: CheckpointSource;
    }
  /** `size`: over how many entries its row in the record says that it is. Null: it is kept elsewhere. */
  | { readonly kind: 'checkpoint-unreadable'; readonly size: number | null; readonly source: CheckpointSource }
  /** Its row says another size than its note, and the bot would go on from there. `noted`: what the note says. */
  | { readonly kind: 'checkpoint-size-differs'; readonly size: number; readonly noted: number }
  /** It bears no valid signature of the record's key. */
  | { readonly kind: 'checkpoint-not-signed'; readonly size: number; readonly source: CheckpointSource }
  /** The stored plan is not the one that was sealed and recorded. */
  | { readonly kind: 'plan-changed'; readonly planId: string }
  /** A table's rows about a plan differ from its entries: changed, removed or added. */
  | {
      readonly kind: 'row-disagrees';
      readonly about: 'decisions' | 'execution' | 'state';
      readonly planId: string;
    }
  /** The host, opener or time of the incident differ from entry `sequence`, which opened it. */
  | { readonly kind: 'incident-changed'; readonly incidentId: number; readonly sequence: number }
  /** The incident that entry `sequence` opened is missing. */
  | { readonly kind: 'incident-missing'; readonly incidentId: number; readonly sequence: number }
  /** No entry opened the incident. */
  | { readonly kind: 'incident-never-opened'; readonly incidentId: number }
  /** The row that entry `sequence` recorded is missing or different, or no entry covers the row. */
  | { readonly kind: 'body-disagrees'; readonly about: 'diagnosis' | 'verification'; readonly sequence: number }
  /** The value of the entry's field is not the one whose digest is chained, or no digest is. `field`: as its row has it. */
  | { readonly kind: 'value-changed'; readonly sequence: number; readonly field: string }
  /** The value is missing, and no entry says that it was erased or dropped. */
  | { readonly kind: 'value-missing'; readonly sequence: number; readonly field: ErasableField }
  /** Entry `sequence` names a plan that is missing. */
  | { readonly kind: 'plan-missing'; readonly planId: string; readonly sequence: number }
  /** Slack does not show the post of this message any more. `sequence`: the entry that it told; null: it told none. */
  | { readonly kind: 'post-missing'; readonly key: string; readonly sequence: number | null }
  /** Slack shows the post with other words than the bot's. */
  | { readonly kind: 'post-edited'; readonly key: string; readonly sequence: number | null; readonly ts: string }
  /** The bot's account posted something that is not on record. */
  | { readonly kind: 'post-unknown'; readonly channel: string; readonly ts: string }
  /** A plan ran on the host of which no entry tells. */
  | {
      readonly kind: 'host-plan-unknown';
      readonly host: HostName;
      readonly planHash: Sha256;
      readonly outcome: HeldOutcome;
    }
  /** The host holds another outcome of the plan than entry `sequence` tells. */
  | {
      readonly kind: 'host-outcome-differs';
      readonly host: HostName;
      readonly planId: string;
      readonly sequence: number;
      readonly outcome: HeldOutcome;
    }
  /** The plan ended on the host, and by the entries it never ran. */
  | {
      readonly kind: 'host-outcome-unrecorded';
      readonly host: HostName;
      readonly planId: string;
      readonly outcome: HeldOutcome;
    }
  /** By entry `sequence` the plan changed something on the host, which holds no trace of it. */
  | {
      readonly kind: 'host-plan-missing';
      readonly host: HostName;
      readonly planId: string;
      readonly sequence: number;
    };

/** An entry that says what was removed from the record, and how much that was. */
export type Removal = Pick<AuditEntry, 'sequence' | 'at' | 'act'> & {
  readonly values: number;
  readonly diagnoses: number;
};

/** Of the entries that say what was removed: how many there are, and the newest of them, in order. */
export type Removals = { readonly total: number; readonly newest: readonly Removal[] };

/** The result of checking the whole record. The first problem is the one to check first. */
export type RecordCheck =
  | {
      readonly kind: 'intact';
      readonly entries: number;
      readonly last: EntryMark | null;
      /** Its newest checkpoint covers so many entries. 0: it has none. */
      readonly checkpointed: number;
      readonly removals: Removals;
    }
  | {
      readonly kind: 'broken';
      readonly entries: number;
      readonly problems: readonly [RecordProblem, ...RecordProblem[]];
    };

/** The delivery state of a message in Slack. `since` and `at` are ISO 8601. */
export const MessageDelivery = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delivered'), ts: z.string(), at: z.string() }),
  z.strictObject({ kind: z.literal('waiting'), since: z.string() }),
  z.strictObject({ kind: z.literal('given-up'), why: GiveUpReason }),
]);
export type MessageDelivery = Readonly<z.infer<typeof MessageDelivery>>;

/** The registry's own answer after a change, and when it was recorded. */
export type RecordedVerification = { readonly verification: Verification; readonly at: string };

/** One incident in the record: plan, review, execution, record. */
export type IncidentRecord = {
  readonly incident: Incident;
  /** The alerts that joined it, each as its source sent it last, in the order in which they joined. */
  readonly alerts: readonly ReceivedAlert[];
  /** In order. */
  readonly diagnoses: readonly Diagnosis[];
  /** The plans, in the order in which they were proposed. */
  readonly plans: readonly {
    readonly plan: Plan;
    readonly state: PlanState;
    /** The decisions in order: approvals, and perhaps a final rejection. */
    readonly decisions: readonly Decision[];
    readonly execution: Execution | null;
  }[];
  /** In order. */
  readonly verifications: readonly RecordedVerification[];
  readonly entries: readonly AuditEntry[];
  /** The messages, in the order in which they were first queued. */
  readonly messages: readonly { readonly body: ThreadMessage; readonly delivery: MessageDelivery }[];
};

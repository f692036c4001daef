import type { NoteKey } from '../../hash/signed-note.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { HeldPlans } from '../../model/record/held-plans.ts';
import type { Incident } from '../../model/record/incident.ts';
import { EntryMark } from '../../model/record/messages/thread-message.ts';
import type { RecordCheck, RecordProblem } from '../../model/record/record.ts';
import { bodyProblems, type KeptBody } from '../bodies.ts';
import { ChainWalk, type RawEntry } from '../chain.ts';
import { CheckpointWalk, type KeptCheckpoint } from './check-checkpoints.ts';
import { HeldPlansWalk, heldCheckpoints } from './held-plans.ts';
import { IncidentsWalk } from './incidents-walk.ts';
import { type KeptValueRow, valueProblems } from './kept-values.ts';
import { type PlansInRows, PlansWalk, type Readable } from './plans-walk.ts';
import { RemovedInEntries } from './removed.ts';
import { type ShownMessage, type SlackReading, SlackWalk, shownCheckpoints } from './slack-reading.ts';
import { contradictingMessage, endProblem, laterMessageProblem, type Mark, type ShownMark } from './witnesses.ts';

/** What the record is verified by besides itself. */
export type VerifiedBy = {
  /** One of these must have signed each checkpoint. None: signatures are not checked. */
  readonly keys: readonly NoteKey[];
  /** Checkpoints that others kept. */
  readonly kept: readonly KeptCheckpoint[];
  /** What hosts hold of the plans that ran there. */
  readonly held: readonly HeldPlans[];
  /** What Slack shows. Null: Slack was not asked. */
  readonly slack: SlackReading | null;
};

/** The record alone: its checkpoints are compared, and no signature is checked. */
export const NOTHING_ELSE: VerifiedBy = { keys: [], kept: [], held: [], slack: null };

/** What is checked beside the entries and the incidents. It needs nothing of them, so another thread can do it meanwhile. */
export type Beside = Pick<VerifiedBy, 'keys'> & {
  /** All checkpoints that are kept outside of the record. */
  readonly outside: readonly KeptCheckpoint[];
  /** Whether the plans are compared with hosts. */
  readonly withHosts: boolean;
};

export function besideOf({ keys, kept, held, slack }: VerifiedBy): Beside {
  const outside = [...kept, ...held.flatMap(heldCheckpoints), ...(slack === null ? [] : shownCheckpoints(slack))];
  return { keys, outside, withHosts: held.length > 0 };
}

/** Compares the entries with all checkpoints over them. */
export function checkpointWalk(inRecord: readonly SignedCheckpoint[], { keys, outside }: Beside): CheckpointWalk {
  return new CheckpointWalk([...inRecord.map((one) => ({ ...one, source: IN_RECORD })), ...outside], keys);
}

/** What is known of the whole record before its entries are read. */
export type RecordEnds = {
  /** How many entries there are. */
  readonly total: number;
  readonly head: Mark | null;
  readonly checkpoints: readonly SignedCheckpoint[];
  /** Of the messages that show an entry, the one that shows the latest. */
  readonly newestShown: ShownMark | null;
  /** The messages as Slack should show them. Empty if Slack was not asked. */
  readonly messages: readonly ShownMessage[];
};

/** Entries that follow each other, with all that is kept under their numbers. */
export type EntryBatch = {
  /** In the order of their numbers. */
  readonly entries: readonly RawEntry[];
  readonly values: readonly KeptValueRow[];
  readonly shown: readonly ShownMark[];
  readonly diagnoses: readonly KeptBody[];
  readonly verifications: readonly KeptBody[];
};

/**
 * Checks the whole record, a batch at a time: all its entries, then all its incidents and plans. The chain shows which entries were changed,
 * removed or moved. That its end was cut off, or that it was rewritten with new hashes, is shown by what else holds hashes of
 * entries: the head row, the posted messages, the plans, the rows of diagnoses and verifications, and the checkpoints.
 */
export class RecordWalk {
  readonly #ends: RecordEnds;
  readonly #chain: ChainWalk;
  readonly #hosts: readonly HeldPlansWalk[];
  readonly #slack: SlackWalk | null;
  readonly #incidents = new IncidentsWalk();
  readonly #plans = new PlansWalk();
  readonly #removed = new RemovedInEntries();
  #contradicted: RecordProblem | null = null;
  readonly #rowProblems: RecordProblem[] = [];
  readonly #valueProblems: RecordProblem[] = [];
  #last: RawEntry | null = null;

  constructor(ends: RecordEnds, { held, slack }: VerifiedBy) {
    this.#ends = ends;
    this.#chain = new ChainWalk(ends.total);
    this.#slack = slack && new SlackWalk(slack, ends.messages);
    this.#hosts = held.map((one) => new HeldPlansWalk(one));
  }

  addEntries({ entries, values, shown, diagnoses, verifications }: EntryBatch): void {
    const read: ChainedEntry[] = [];
    for (const row of entries) {
      const entry = this.#chain.add(row);
      this.#slack?.add(row);
      if (entry === null) this.#incidents.addUnreadable(row);
      else read.push(entry);
    }
    this.#last = entries.at(-1) ?? this.#last;
    this.#contradicted ??= contradictingMessage(entries, shown);
    const valuesOf = Map.groupBy(values, ({ sequence }) => sequence);
    for (const entry of read) {
      const kept = valuesOf.get(entry.sequence) ?? [];
      valuesOf.delete(entry.sequence);
      this.#removed.add(entry);
      this.#incidents.addEntry(entry, kept);
      this.#plans.addEntry(entry, kept);
      for (const host of this.#hosts) host.addEntry(entry);
      for (const problem of valueProblems(entry, kept)) {
        if (problem.kind === 'value-missing') this.#removed.miss(problem);
        else this.#valueProblems.push(problem);
      }
    }
    const strays = [...valuesOf.values()].flat();
    this.#valueProblems.push(
      ...strays.map(({ sequence, field }) => ({ kind: 'value-changed', sequence, field }) as const),
    );
    const kept = new Set(diagnoses.map(({ sequence }) => sequence));
    for (const problem of bodyProblems('diagnosis', diagnoses, read)) {
      // One that was removed on record is missing. One that is there again is not the one that was diagnosed.
      if (kept.has(problem.sequence)) this.#rowProblems.push(problem);
      else this.#removed.miss(problem);
    }
    this.#rowProblems.push(...bodyProblems('verification', verifications, read));
  }

  /** After all entries. */
  addIncidents(batch: Readable<Incident>): void {
    this.#incidents.addIncidents(batch);
  }

  /** After all entries. */
  addPlans(batch: PlansInRows): void {
    this.#plans.addPlans(batch);
    for (const plan of batch.onHosts) for (const host of this.#hosts) host.addPlan(plan);
  }

  /**
   * After all plans and incidents.
   *
   * @param ofCheckpoints the problems that {@link checkpointWalk} found
   */
  result(ofCheckpoints: readonly RecordProblem[]): RecordCheck {
    const { head, newestShown, total, checkpoints } = this.#ends;
    const last = this.#last;
    const [problem, ...more] = [
      ...[
        this.#chain.problem,
        endProblem(last, head),
        laterMessageProblem(last, head, newestShown),
        this.#contradicted,
      ].filter((one) => one !== null),
      ...ofCheckpoints,
      ...(this.#slack?.problems() ?? []),
      ...this.#valueProblems,
      // Before what seems to differ because of it: an entry without its person is that of someone else.
      ...this.#removed.problems(),
      ...this.#incidents.problems(),
      ...this.#plans.problems(),
      ...this.#rowProblems,
      ...this.#hosts.flatMap((host) => host.problems()),
    ];
    if (problem) return { kind: 'broken', entries: total, problems: [problem, ...more] };
    const checkpointed = checkpoints.at(-1)?.size ?? 0;
    const { removals } = this.#removed;
    return { kind: 'intact', entries: total, last: last && EntryMark.strip().parse(last), checkpointed, removals };
  }
}

const IN_RECORD = { kind: 'record' } as const;

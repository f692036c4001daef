import type { Settings } from '../model/settings/settings.ts';
import type { Clock, Log, Metrics } from './ports/bot.ts';
import type { RemoteHost } from './ports/host.ts';
import type { Directory } from './ports/people.ts';
import type { RecordStore } from './ports/record.ts';
import type { ApprovalSignatures, PlanSigner } from './ports/signing.ts';
import type { Checkpoints } from './ports/witnesses.ts';

/** What every workflow is given: the outside world through its ports, and the settings. */
export type WorkflowContext = {
  readonly store: RecordStore;
  readonly remote: RemoteHost;
  readonly directory: Directory;
  /** Null: plans are unsigned, and hosts with an installed guard refuse them. */
  readonly signer: PlanSigner | null;
  readonly signatures: ApprovalSignatures;
  /** Whether the thread can show files. Absent: it can't. */
  readonly canPostFiles?: boolean;
  /** Signs a checkpoint over the record, for a host to keep with a plan. Absent: hosts get none. */
  readonly checkpoints?: Pick<Checkpoints, 'signNow'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Might be others the next time they are read: the config file can be reloaded. */
  readonly settings: Settings;
};

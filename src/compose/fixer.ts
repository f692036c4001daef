import { userInfo } from 'node:os';
import type { ServeConfig } from '../config/config.ts';
import type { SshEnvironment } from '../config/environment.ts';
import type { Plan, PlanState } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { PrivateAnswer } from '../model/record/messages/private-answer.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import { KeyFileCheckpointSigner } from '../ssh/signing/checkpoint-signer.ts';
import { KeyFilePlanSigner } from '../ssh/signing/plan-signer.ts';
import { openRecord } from '../store/open-record.ts';
import {
  breakGlass,
  diagnoseAtTerminal,
  type FoundAtTerminal,
  planStateNow,
  type RunAtTerminal,
  recordRefusedKey,
  runAtTerminal,
  type WhileItRuns,
} from '../workflow/break-glass.ts';
import type { WorkflowContext } from '../workflow/context.ts';
import { UNMEASURED } from '../workflow/unmeasured.ts';
import { CheckpointKeeper } from '../workflow/witness/keep-checkpoints.ts';
import { approvalSignatures } from './approval-signatures.ts';
import { type BreakGlassKey, type BrokenBy, breakGlassWith, type KeyAnswer } from './break-glass-key.ts';
import { commandLog } from './command-log.ts';
import { systemClock } from './system-clock.ts';

/** The bot's own workflows, on the same record, without Slack. */
export type Fixer = {
  diagnose(host: HostSettings): Promise<FoundAtTerminal>;
  /** Has the plan document signed at the terminal, and checks whether the key counts. */
  breakGlass(key: BreakGlassKey, plan: Plan, host: HostSettings): Promise<KeyAnswer>;
  /** Null: it is approved. */
  approve(plan: Plan, key: BrokenBy, reason: string): Promise<PrivateAnswer | null>;
  refuseKey(plan: Plan, why: SignatureProblem): Promise<void>;
  stateOf(plan: Plan): Promise<PlanState>;
  run(plan: Plan, meanwhile: WhileItRuns): Promise<RunAtTerminal>;
  close(): Promise<void>;
};

/**
 * Builds everything of the bot except Slack, for the holder of a break-glass key. It uses the bot's record. Rejects if
 * the record can't be opened.
 */
export async function openFixer(
  config: ServeConfig,
  { ssh, process }: { readonly ssh: SshEnvironment; readonly process: NodeJS.Process },
): Promise<Fixer> {
  const log = commandLog(process);
  const opened = await openRecord(config.store, { clock: systemClock });
  const remote = new Ssh2RemoteHost({ knownHostsFile: config.ssh.knownHosts, ...ssh, log });
  const nobody = async () => ({ kind: 'unknown', why: { kind: 'not-asked' } }) as const;
  const { store } = opened;
  const { signing } = config;
  const checkpointSigner = signing === null ? null : new KeyFileCheckpointSigner(signing, ssh);
  const context: WorkflowContext = {
    store,
    checkpoints: new CheckpointKeeper(
      { store, clock: systemClock, log, metrics: UNMEASURED },
      { signer: () => checkpointSigner, takers: [], witness: null, channel: () => null },
    ),
    remote,
    directory: { isMember: nobody, isFullMember: nobody },
    signer: signing === null ? null : new KeyFilePlanSigner(signing, ssh),
    signatures: approvalSignatures(process.env),
    clock: systemClock,
    log,
    metrics: UNMEASURED,
    settings: config.settings,
  };
  const by = { kind: 'terminal', user: userInfo().username } as const;
  return {
    diagnose: (host) => diagnoseAtTerminal(context, host, by),
    breakGlass: (key, plan, host) => breakGlassWith(key, { plan, host }, process.env),
    approve: (plan, { by: breaker, signature, approval }, reason) =>
      breakGlass(context, plan, { by: { ...by, breakGlass: breaker }, reason, signature, approval }),
    refuseKey: (plan, why) => recordRefusedKey(context, plan, by, why),
    stateOf: (plan) => planStateNow(context, plan),
    run: (plan, meanwhile) => runAtTerminal(context, plan, meanwhile),
    close: async () => {
      await remote.close();
      await opened.close();
    },
  };
}

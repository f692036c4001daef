import { readFile } from 'node:fs/promises';
import type { SlackSettings, SshFiles, StoreSettings } from '../config/config.ts';
import type { SlackSecrets, SshEnvironment } from '../config/environment.ts';
import type { LookedBy } from '../model/connection/look-way.ts';
import type { HostCheck, TrialNote } from '../model/host/host-check.ts';
import type { WitnessTrial } from '../model/record/checkpoint.ts';
import type { ChannelId } from '../model/record/ids.ts';
import type { StoreProblem } from '../model/record/store-problem.ts';
import type { GuardSettings, HostSettings, People, SigningKey } from '../model/settings/settings.ts';
import { checkSlack, type SlackCheckResult } from '../slack/check-slack.ts';
import { checkHost, type LoginRuns, whatLoginRuns } from '../ssh/run/check-host.ts';
import { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import { hasUsableSigner } from '../ssh/signing/allowed-signers.ts';
import { KeyFileCheckpointSigner } from '../ssh/signing/checkpoint-signer.ts';
import { KeyFilePlanSigner } from '../ssh/signing/plan-signer.ts';
import { BREAK_GLASS_NAMESPACE } from '../ssh/signing/ssh-keygen.ts';
import type { RecordPlace } from '../store/opened-store.ts';
import { recordAccessProblem, serviceUser } from '../store/record-access.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { Words } from '../words/index.ts';
import { askGuardVersion, type GuardAnswer } from '../workflow/host/ask-guard-version.ts';
import { tryLook } from '../workflow/host/look-at-registry.ts';
import type { PlanSignature } from '../workflow/ports/signing.ts';
import { tryWitness, type WitnessedRecord } from '../workflow/witness/try-witness.ts';
import { commandLog } from './command-log.ts';
import { checkpointWitness } from './record/checkpoint-witnesses.ts';
import { openRecordForReading } from './record/record-for-reading.ts';
import { registryHttp } from './registry-http.ts';

/**
 * The result of testing a host: the checks if no guard is installed, otherwise the guard's answer. `login` is what a
 * login with the key runs if it requests another command.
 */
export type HostAnswer =
  | { readonly kind: 'trial'; readonly checks: readonly HostCheck<TrialNote>[] }
  | {
      readonly kind: 'guard';
      readonly guard: GuardSettings;
      readonly answer: GuardAnswer;
      readonly login: LoginRuns;
    };

type SlackCheckFor = {
  /** The people and channels that the policies name. */
  readonly named: { readonly people: People; readonly channels: readonly ChannelId[] };
  readonly words: Words;
};

/** Tests what the bot needs, each by a real round trip. */
export type Checker = {
  host(host: HostSettings): Promise<HostAnswer>;
  /** The method by which a monitored host would be checked. */
  look(host: HostSettings): Promise<LookedBy>;
  /** Why the bot could not use a record there. Null: no problem found. */
  recordProblem(place: RecordPlace): Promise<StoreProblem | null>;
  /** If this runs as root: the other account that owns the record or one of these files. Null: none, or not root. */
  serviceUser(url: string | null, files: readonly string[]): string | null;
  /** Whether any key in a file of allowed signers can sign for break glass. */
  breakGlassKeys(file: string): Promise<'usable' | 'none' | 'unreadable'>;
  /** Signs a text that no host accepts as a plan. */
  signNothing(key: SigningKey): Promise<PlanSignature>;
  /** Has the witness cosign what it cosigned last, which changes neither the record nor what it knows. Null: the key can't sign. */
  witness(store: StoreSettings, key: SigningKey): Promise<WitnessTrial | null>;
  slack(slack: SlackSettings, secrets: SlackSecrets, what: SlackCheckFor): Promise<readonly SlackCheckResult[]>;
  close(): Promise<void>;
};

/** Connects to nothing yet. */
export function createChecker({ knownHosts }: SshFiles, ssh: SshEnvironment, process: NodeJS.Process): Checker {
  const log = commandLog(process);
  const remote = new Ssh2RemoteHost({ knownHostsFile: knownHosts, ...ssh, log });
  return {
    host: (host) => askHost(remote, host),
    look: (host) =>
      tryLook({ remote, http: registryHttp(remote), nowMs: Date.now(), mayConnect: async () => {} }, host),
    recordProblem: recordAccessProblem,
    serviceUser: (url, files) => (process.geteuid?.() === 0 ? serviceUser(url, files) : null),
    breakGlassKeys,
    signNothing: (key) => new KeyFilePlanSigner(key, ssh).sign(''),
    witness: async (store, key) => {
      const witness = checkpointWitness(store);
      const signer = new KeyFileCheckpointSigner(key, ssh);
      return witness && tryWitness({ witness, signer, reading: (read) => readingRecord(store, read) });
    },
    slack: ({ incidentChannel }, secrets, { named, words }) => {
      const { botToken, apiUrl: slackApiUrl } = secrets;
      const appToken = secrets.mode === 'socket' ? secrets.appToken : null;
      return checkSlack({ slackApiUrl, botToken, appToken, incidentChannel, ...named, log, words });
    },
    close: () => remote.close(),
  };
}

/** A record that is not there yet has no entries. */
async function readingRecord<Result>(
  place: RecordPlace,
  read: (record: WitnessedRecord) => Promise<Result>,
): Promise<Result> {
  const opened = await openRecordForReading(place).catch((error: unknown) => {
    if (error instanceof StoreUnavailable && error.problem.kind === 'file-missing') return null;
    throw error;
  });
  if (opened === null) return read({ newestCheckpoint: async () => null, entryHashes: async () => [] });
  return read(opened.auditTrail).finally(() => opened.close());
}

async function breakGlassKeys(file: string): Promise<'usable' | 'none' | 'unreadable'> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return 'unreadable';
  return hasUsableSigner(text, BREAK_GLASS_NAMESPACE) ? 'usable' : 'none';
}

async function askHost(remote: Ssh2RemoteHost, host: HostSettings): Promise<HostAnswer> {
  const { guard } = host;
  if (guard === null) return { kind: 'trial', checks: await checkHost(remote, host) };
  const answer = await askGuardVersion(remote, host);
  const login = answer.kind === 'not-connected' ? 'unclear' : await whatLoginRuns(remote, host);
  return { kind: 'guard', guard, answer, login };
}

import stringWidth from 'string-width';
import { type Checker, createChecker, type HostAnswer } from '../../compose/checker.ts';
import { readAlertTokens } from '../../config/alert-tokens.ts';
import type { Config } from '../../config/config.ts';
import {
  type Checked,
  readLogLevel,
  readSlackSecrets,
  readSshEnvironment,
  type SlackSecrets,
} from '../../config/environment.ts';
import { readConfig } from '../../config/read-config.ts';
import { GUARD_DIGEST } from '../../host/request/guard-program.ts';
import { type HostCheck, inWords } from '../../model/host/host-check.ts';
import type { WitnessTrial } from '../../model/record/checkpoint.ts';
import type { ConfigProblem } from '../../model/settings/config-problem.ts';
import type { HostSettings, SigningKey } from '../../model/settings/settings.ts';
import type { Words } from '../../words/index.ts';
import { visibleText } from '../../words/visible-text.ts';
import { asCalled } from '../terminal/as-called.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { problemsIn } from '../terminal/load-config.ts';
import { withSpinner } from '../terminal/spinner.ts';
import { guardChecks } from './guard-check.ts';
import { namedIn } from './named-in-policies.ts';
import { neverApproved } from './never-approved.ts';
import { ranAsRoot } from './ran-as-root.ts';
import { watchCheck } from './watch-check.ts';

/** One line of the output of `check`. A `note` is about a setting that is valid but limits what the bot can do. */
export type CheckLine = {
  readonly what: string;
  readonly result: 'ok' | 'failed' | 'skipped' | 'note';
  readonly detail: string;
  /** For advice that names it. */
  readonly host?: string;
};

type CheckContext = {
  readonly console: Console;
  readonly process: NodeJS.Process;
  /** How this program is typed, for advice that names it. */
  readonly program: string;
};

type CheckParts = CheckContext & { readonly checker: Checker };

/** `check`: tests everything that the bot needs, each by a real round trip. Prints one line for each. */
export async function runChecks(file: string, context: CheckContext): Promise<number> {
  const { console } = context;
  const read = await readConfig(file);
  const tryAll = async () =>
    read.kind === 'config' ? checks(file, read.config, context) : failures(file, read.problems, console.words);
  const lines = await withSpinner(console, console.words.check.CHECKS.trying, tryAll);
  for (const line of lines) {
    const called = { program: context.program, config: file, host: line.host ?? null };
    console.out(`${asCalled(text(line, console), called)}\n`);
  }
  const amount = (result: CheckLine['result']) => lines.filter((line) => line.result === result).length;
  console.out(
    `${console.words.check.checkSummary({ failed: amount('failed'), skipped: amount('skipped'), notes: amount('note') })}\n`,
  );
  return amount('failed') === 0 ? EXIT.good : EXIT.notGood;
}

function text({ what, result, detail }: CheckLine, { style, words }: Console): string {
  const results = words.check.CHECK_RESULTS;
  const width = Math.max(...Object.values(results).map((one) => stringWidth(one)));
  const word = results[result] + ' '.repeat(width - stringWidth(results[result]));
  const styled = { ok: style.reassuring, failed: style.alarming, skipped: style.faint, note: style.bold }[result](word);
  return `${styled}  ${visibleText(words.check.checkLine(what, detail))}`;
}

function failures(file: string, problems: readonly ConfigProblem[], words: Words): readonly CheckLine[] {
  const { CHECKS } = words.check;
  return problems.map((problem) =>
    problem.kind === 'environment'
      ? {
          what: CHECKS.environment,
          result: 'failed',
          detail: words.config.environmentProblem(problem),
        }
      : {
          what: CHECKS.config,
          result: 'failed',
          detail: words.config.configProblem(file, problem),
        },
  );
}

/** Checks the record, if Slack is configured: without Slack no bot runs, and nothing needs a record. */
async function checkedRecord({ slack, store }: Config, parts: CheckParts): Promise<readonly CheckLine[]> {
  if (slack === null) return [];
  const { check, store: ofStore } = parts.console.words;
  const { CHECKS } = check;
  const problem = store === null ? null : await parts.checker.recordProblem(store);
  const why = store === null ? CHECKS.noStore : problem && ofStore.storeUnavailable(problem);
  return [{ what: CHECKS.record, result: why === null ? 'ok' : 'failed', detail: why ?? '' }];
}

/** Checks all hosts and Slack at the same time, since each can take its full timeout. Reports them in config order. */
async function checks(file: string, config: Config, context: CheckContext): Promise<readonly CheckLine[]> {
  const { console } = context;
  const environment = context.process.env;
  const { CHECKS, configIsGood } = console.words.check;
  const ssh = readSshEnvironment(environment, config.hosts.values());
  const secrets = config.slack === null ? null : readSlackSecrets(environment, config.slack.mode);
  const alerts = readAlertTokens(environment, config.alerts);
  const problems = problemsIn(ssh, readLogLevel(environment, 'info'), alerts, ...(secrets === null ? [] : [secrets]));
  const forSsh = ssh.kind === 'ok' ? ssh.value : { agentSocket: null, keyPassphrase: null };
  const checker = createChecker(config.ssh, forSsh, context.process);
  const parts = { ...context, checker };
  const [record, signing, witness, breakGlass, hosts, slack] = await Promise.all([
    checkedRecord(config, parts),
    checkedSigning(config.signing, parts),
    checkedWitness(config, parts),
    checkedBreakGlass(config.breakGlass, parts),
    checkedHosts(config, parts),
    checkedSlack(config, secrets, parts),
  ]).finally(() => checker.close());
  const asRoot = ranAsRoot(config, { ...parts, file, words: console.words });
  return [
    {
      what: CHECKS.config,
      result: 'ok',
      detail: configIsGood(file, config.hosts.size),
    },
    ...(asRoot === null ? [] : [{ what: CHECKS.user, result: 'note', detail: asRoot } as const]),
    ...checkedPolicy(config, console.words),
    ...nightlyLook(config, console.words),
    ...(problems.length > 0 ? failures(file, problems, console.words) : [environmentGood(console.words)]),
    ...record,
    ...signing,
    ...witness,
    ...breakGlass,
    ...hosts,
    ...slack,
  ];
}

/** Checks that someone can approve plans. Without Slack there is no bot whose plans need approval. */
function checkedPolicy({ slack, hosts }: Config, { check }: Words): readonly CheckLine[] {
  if (slack === null) return [];
  return neverApproved(hosts.values()).map((never) => ({
    what: check.CHECKS.policy,
    result: never.why === 'if-approver-requests' ? 'note' : 'failed',
    detail: check.neverApprovedOn(never),
  }));
}

/** Warns that warnings of watched hosts are told to no one. Without Slack there is no bot that could tell them. */
function nightlyLook({ slack, hosts, fleetLook }: Config, { check }: Words): readonly CheckLine[] {
  const watched = [...hosts.values()].filter(({ watch }) => watch?.deepLookMinutes === 0).length;
  if (slack === null || fleetLook !== null || watched === 0) return [];
  return [{ what: check.CHECKS.nightlyLook, result: 'note', detail: check.warningsUntold(watched) }];
}

function environmentGood({ check: { CHECKS } }: Words): CheckLine {
  return { what: CHECKS.environment, result: 'ok', detail: CHECKS.environmentGood };
}

/** Tests the signing key on a text that no host accepts as a plan. */
async function checkedSigning(key: SigningKey | null, { checker, console }: CheckParts): Promise<readonly CheckLine[]> {
  if (key === null) return [];
  const { CHECKS } = console.words.check;
  const signature = await checker.signNothing(key);
  return signature.kind === 'signed'
    ? [{ what: CHECKS.signing, result: 'ok', detail: key.file }]
    : [{ what: CHECKS.signing, result: 'failed', detail: console.words.signing.signingProblem(signature.why) }];
}

/** Asks the witness of the record's checkpoints for a cosignature of what it cosigned last. */
async function checkedWitness({ store, signing }: Config, parts: CheckParts): Promise<readonly CheckLine[]> {
  if (store === null || store.witness === null) return [];
  const { CHECKS, witnessFound } = parts.console.words.check;
  const trial = signing === null ? null : await parts.checker.witness(store, signing);
  if (trial === null) return [{ what: CHECKS.witness, result: 'skipped', detail: CHECKS.noSignedCheckpoint }];
  return [{ what: CHECKS.witness, result: resultOf(trial), detail: witnessFound(store.witness.url, trial) }];
}

function resultOf({ kind }: WitnessTrial): CheckLine['result'] {
  if (kind === 'cosigned') return 'ok';
  return kind === 'record-unread' ? 'skipped' : 'failed';
}

/** Checks the break-glass keys, so that an operator learns before an outage that no key is accepted. */
async function checkedBreakGlass(
  breakGlass: Config['breakGlass'],
  { checker, console }: CheckParts,
): Promise<readonly CheckLine[]> {
  if (breakGlass === null) return [];
  const { CHECKS } = console.words.check;
  const file = breakGlass.allowedSigners;
  const keys = await checker.breakGlassKeys(file);
  const details = {
    usable: file,
    none: CHECKS.breakGlassNoKey(file),
    unreadable: CHECKS.breakGlassUnreadable(file),
  };
  return [{ what: CHECKS.breakGlass, result: keys === 'usable' ? 'ok' : 'failed', detail: details[keys] }];
}

async function checkedHosts(config: Config, { checker, console }: CheckParts): Promise<readonly CheckLine[]> {
  const { CHECKS } = console.words.check;
  const checked = [...config.hosts.values()].map(async (host): Promise<CheckLine[]> => {
    const tested = inWordsOf(host, await checker.host(host), console.words);
    const results = [...tested, ...(await watchCheck(host, tested, checker, console.words))];
    return results.map((check) => ({
      host: host.name,
      what: CHECKS.host(host.name, check.what),
      result: check.result,
      detail: check.result === 'skipped' ? CHECKS.earlierFailed : (check.why ?? ''),
    }));
  });
  return (await Promise.all(checked)).flat();
}

function inWordsOf(host: HostSettings, answer: HostAnswer, words: Words): readonly HostCheck[] {
  return answer.kind === 'trial'
    ? inWords(answer.checks, words.trialCheck.trialNote)
    : guardChecks({ ...host, guard: answer.guard }, answer, GUARD_DIGEST, words);
}

async function checkedSlack(
  { slack, hosts, defaultPolicy }: Config,
  secrets: Checked<SlackSecrets> | null,
  parts: CheckParts,
): Promise<readonly CheckLine[]> {
  const { CHECKS } = parts.console.words.check;
  if (slack === null || secrets === null) return [{ what: CHECKS.slack, result: 'skipped', detail: CHECKS.noSlack }];
  if (secrets.kind !== 'ok') return [{ what: CHECKS.slack, result: 'skipped', detail: CHECKS.earlierFailed }];
  const named = namedIn([defaultPolicy, ...[...hosts.values()].map(({ policy }) => policy)]);
  return parts.checker.slack(slack, secrets.value, { named, words: parts.console.words });
}

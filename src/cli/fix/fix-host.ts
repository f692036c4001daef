import type { BreakGlassKey } from '../../compose/break-glass-key.ts';
import { type Fixer, openFixer } from '../../compose/fixer.ts';
import type { Config, ServeConfig } from '../../config/config.ts';
import { readSshEnvironment, type SshEnvironment } from '../../config/environment.ts';
import { serveConfig } from '../../config/serve-config.ts';
import type { ApplyOutcome } from '../../model/plan/execution.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { diagnosisText } from '../../telling/text/diagnosis-text.ts';
import { terminalText } from '../../telling/text/terminal-text.ts';
import { unreadableAmong } from '../files/unreadable-among.ts';
import type { CommandLine } from '../terminal/command-line.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT, EXIT_BY_VERDICT } from '../terminal/exit-status.ts';
import { hostNamed } from '../terminal/host-named.ts';
import { problemsIn, refuse } from '../terminal/load-config.ts';
import { withSpinner } from '../terminal/spinner.ts';
import { openTerminal, type Terminal } from '../terminal/terminal.ts';

const MAX_REASON = 1_000;

export type FixOptions = {
  readonly host: string;
  /** The config file, for messages that name it. */
  readonly config: string;
  /** The file of the key that breaks the glass. */
  readonly key: string;
};

/**
 * `fix HOST`: the plan that the bot would propose, run without Slack by the holder of a break-glass key, on the same
 * record.
 */
export async function fixHost(
  options: FixOptions,
  config: Config,
  { console, process }: Pick<CommandLine, 'console' | 'process'>,
): Promise<number> {
  const needs = await neededFor(options, config, { console, process });
  if (needs === null) return EXIT.usage;
  const terminal = openTerminal();
  if (terminal === null) {
    console.err(console.words.fix.fixNeedsTerminal());
    return EXIT.usage;
  }
  try {
    const fixer = await openFixer(needs.serving, { ssh: needs.ssh, process });
    const key = { keyFile: options.key, allowedSigners: needs.allowedSigners, terminal: terminal.descriptor };
    const fixing = { host: needs.host, fixer, terminal, key, console, process };
    return await diagnoseAndFix(fixing).finally(() => fixer.close());
  } finally {
    terminal.close();
  }
}

type Needed = {
  readonly host: HostSettings;
  readonly serving: ServeConfig;
  readonly ssh: SshEnvironment;
  readonly allowedSigners: string;
};

/** Collects what the fix needs. Reports everything that is missing before it contacts a host, and then returns null. */
async function neededFor(
  options: FixOptions,
  config: Config,
  { console, process }: Pick<CommandLine, 'console' | 'process'>,
): Promise<Needed | null> {
  const { fix } = console.words;
  const host = hostNamed(options.host, config, console);
  if (host === null) return null;
  if (config.breakGlass === null) {
    console.err(fix.fixNotConfigured());
    return null;
  }
  const serving = serveConfig(config);
  const ssh = readSshEnvironment(process.env, [host]);
  if (serving.kind !== 'ok' || ssh.kind !== 'ok') {
    refuse(options.config, problemsIn(serving, ssh), console);
    return null;
  }
  const { allowedSigners } = config.breakGlass;
  const unreadable = await unreadableAmong([allowedSigners, options.key]);
  if (unreadable !== null) {
    console.err(fix.fixUnreadable(unreadable));
    return null;
  }
  return { host, serving: serving.value, ssh: ssh.value, allowedSigners };
}

type Fixing = {
  readonly host: HostSettings;
  readonly fixer: Fixer;
  readonly terminal: Terminal;
  readonly key: BreakGlassKey;
  readonly console: Console;
  readonly process: NodeJS.Process;
};

async function diagnoseAndFix(fixing: Fixing): Promise<number> {
  const { host, fixer, console } = fixing;
  const found = await withSpinner(console, console.words.cli.lookingAt(host.name), () => fixer.diagnose(host));
  if (found.diagnosis !== null) console.out(diagnosisText(found.diagnosis, console.style, null, console.words));
  if (found.plan === null) {
    console.err(console.words.fix.fixNoPlan(host.name));
    console.err(console.words.fix.fixOnRecord(found.incident.id));
    return found.diagnosis === null ? EXIT.inconclusive : EXIT_BY_VERDICT[found.diagnosis.verdict];
  }
  console.out(`${terminalText(console.words.planCard.planTitleOf(found.plan), console.style)}\n`);
  const status = await fix(found.plan, fixing);
  console.err(console.words.fix.fixOnRecord(found.incident.id));
  return status;
}

async function fix(plan: Plan, fixing: Fixing): Promise<number> {
  const { host, fixer, terminal, console } = fixing;
  const refuse = async (why: string) => {
    console.err(console.words.fix.fixRefused(why, plan.id, await fixer.stateOf(plan)));
    return EXIT.notGood;
  };
  const reason = terminal.ask(console.words.fix.FIX_QUESTION);
  if (reason === '') return refuse(console.words.fix.FIX_NO_REASON);
  if (reason.length > MAX_REASON) return refuse(console.words.fix.fixReasonTooLong(MAX_REASON));
  const key = await fixer.breakGlass(fixing.key, plan, host);
  if (key.kind === 'not-signed') return refuse(console.words.signatures.signatureProblem(key.why));
  if (key.kind === 'refused') {
    await fixer.refuseKey(plan, key.why);
    return refuse(console.words.fix.fixKeyRefused(console.words.signatures.signatureProblem(key.why)));
  }
  const objection = await fixer.approve(plan, key, reason);
  if (objection) {
    const said = console.words.answers.privateAnswer(objection).map((phrase) => terminalText(phrase, console.style));
    console.err(said.join(' '));
    return EXIT.notGood;
  }
  console.err(console.words.fix.fixBy(key.by.principal, key.by.fingerprint));
  return run(plan, fixing);
}

async function run(plan: Plan, { host, fixer, console, process }: Fixing): Promise<number> {
  const onUnknown = (asked: Plan, known: ApplyOutcome) => {
    console.err(
      `${terminalText(console.words.outcome.outcomeSentence(asked, known), console.style)} ${console.words.fix.FIX_KEEPS_ASKING}`,
    );
  };
  const meanwhile = { stop: interrupted(process, () => console.err(console.words.fix.FIX_ENDING)), onUnknown };
  const { state, outcome, isWell } = await withSpinner(console, console.words.fix.fixRunning(plan.id, host.name), () =>
    fixer.run(plan, meanwhile),
  ).catch((error: unknown) => {
    console.err(console.words.fix.fixBrokeOff(plan.id, host.name));
    throw error;
  });
  if (outcome === null) {
    console.err(
      state === 'approved'
        ? console.words.fix.fixWaits(plan.id, host.name)
        : console.words.fix.fixBrokeOff(plan.id, host.name),
    );
    return EXIT.notGood;
  }
  console.out(`${terminalText(console.words.outcome.outcomeSentence(plan, outcome), console.style)}\n`);
  if (outcome.kind === 'applied') tellRegistry(console.words.fix.fixRegistry(host.name, isWell), isWell, console);
  return isWell === true ? EXIT.good : EXIT.notGood;
}

/**
 * Prints the registry's answer as a result. If the registry was not asked, prints a message with the command to run.
 */
function tellRegistry(text: string, isWell: boolean | null, console: Console): void {
  if (isWell === null) console.err(text);
  else console.out(`${text}\n`);
}

/** Aborts the wait at the first interrupt and reports it with `say`. A second interrupt ends the program. */
function interrupted(process: NodeJS.Process, say: () => void): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
    say();
  });
  return stop.signal;
}

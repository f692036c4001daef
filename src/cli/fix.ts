import type { ServeConfig } from '../config/config.ts';
import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import type { ApplyOutcome } from '../model/plan/execution.ts';
import type { Plan, PlanState } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { Incident } from '../model/record/incident.ts';
import type { PrivateAnswer } from '../model/record/thread-message.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { diagnosisText } from '../telling/text/diagnosis-text.ts';
import { terminalText } from '../telling/text/terminal-text.ts';
import type { RunAtTerminal, WhileItRuns } from '../workflow/break-glass.ts';
import type { Console } from './terminal/console.ts';
import { EXIT, EXIT_BY_VERDICT } from './terminal/exit-status.ts';
import { withSpinner } from './terminal/spinner.ts';
import type { Terminal } from './terminal/terminal.ts';

const MAX_REASON = 1_000;

/** Who broke the glass: as the file of allowed signers calls the key, and the key itself. */
export type Breaker = { readonly principal: string; readonly fingerprint: string };

/** The bot's own workflows, on the same record, without Slack. */
export type Fixer = {
  diagnose(host: HostSettings): Promise<{
    readonly incident: Incident;
    readonly diagnosis: Diagnosis | null;
    readonly plan: Plan | null;
  }>;
  /** Null: it is approved. */
  approve(plan: Plan, key: BrokenBy, reason: string): Promise<PrivateAnswer | null>;
  refuseKey(plan: Plan, why: SignatureProblem): Promise<void>;
  stateOf(plan: Plan): Promise<PlanState>;
  run(plan: Plan, meanwhile: WhileItRuns): Promise<RunAtTerminal>;
  close(): Promise<void>;
};

/** Who broke the glass, and their signature over the plan for that. */
export type BrokenBy = {
  readonly by: Breaker;
  readonly signature: string;
  /** The same key's signature as an approver, where the host wants one. */
  readonly approval: string | null;
};

export type KeyAnswer =
  | ({ readonly kind: 'broken' } & BrokenBy)
  | { readonly kind: 'not-signed'; readonly why: SignatureProblem }
  | { readonly kind: 'refused'; readonly why: SignatureProblem };

export type FixParts = {
  readonly console: Console;
  openTerminal(): Terminal | null;
  /** Fires at the first interrupt from the keyboard; called when there is something to wait for. */
  interrupted(): AbortSignal;
  createFixer(config: ServeConfig): Promise<Fixer>;
  /** Has the plan document signed at the terminal, and looks whether the key counts. */
  breakGlass(plan: Plan, host: HostSettings, terminal: Terminal): Promise<KeyAnswer>;
};

/** `fix HOST`: the plan that the bot would propose, run without Slack by whoever holds a break-glass key, on the same record. */
export async function fixCommand(host: HostSettings, config: ServeConfig, parts: FixParts): Promise<number> {
  const terminal = parts.openTerminal();
  if (terminal === null) {
    parts.console.err(parts.console.words.fix.fixNeedsTerminal());
    return EXIT.usage;
  }
  try {
    const fixer = await parts.createFixer(config);
    return await diagnoseAndFix(host, fixer, terminal, parts).finally(() => fixer.close());
  } finally {
    terminal.close();
  }
}

async function diagnoseAndFix(host: HostSettings, fixer: Fixer, terminal: Terminal, parts: FixParts): Promise<number> {
  const { console } = parts;
  const found = await withSpinner(console, console.words.cli.lookingAt(host.name), () => fixer.diagnose(host));
  if (found.diagnosis !== null) console.out(diagnosisText(found.diagnosis, console.style, null, console.words));
  if (found.plan === null) {
    console.err(console.words.fix.fixNoPlan(host.name));
    console.err(console.words.fix.fixOnRecord(found.incident.id));
    return found.diagnosis === null ? EXIT.inconclusive : EXIT_BY_VERDICT[found.diagnosis.verdict];
  }
  console.out(`${terminalText(console.words.planCard.planTitleOf(found.plan), console.style)}\n`);
  const status = await fix(found.plan, { host, fixer, terminal }, parts);
  console.err(console.words.fix.fixOnRecord(found.incident.id));
  return status;
}

type Fixing = { readonly host: HostSettings; readonly fixer: Fixer; readonly terminal: Terminal };

async function fix(plan: Plan, { host, fixer, terminal }: Fixing, parts: FixParts): Promise<number> {
  const { console } = parts;
  const refuse = async (why: string) => {
    console.err(console.words.fix.fixRefused(why, plan.id, await fixer.stateOf(plan)));
    return EXIT.notGood;
  };
  const reason = terminal.ask(console.words.fix.FIX_QUESTION);
  if (reason === '') return refuse(console.words.fix.FIX_NO_REASON);
  if (reason.length > MAX_REASON) return refuse(console.words.fix.fixReasonTooLong(MAX_REASON));
  const key = await parts.breakGlass(plan, host, terminal);
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
  return run(plan, { host, fixer, terminal }, parts);
}

async function run(plan: Plan, { host, fixer }: Fixing, parts: FixParts): Promise<number> {
  const { console } = parts;
  const onUnknown = (asked: Plan, known: ApplyOutcome) => {
    console.err(
      `${terminalText(console.words.outcome.outcomeSentence(asked, known), console.style)} ${console.words.fix.FIX_KEEPS_ASKING}`,
    );
  };
  const meanwhile = { stop: parts.interrupted(), onUnknown };
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
  if (outcome.kind === 'applied') console.out(`${console.words.fix.fixRegistry(host.name, isWell)}\n`);
  return isWell === true ? EXIT.good : EXIT.notGood;
}

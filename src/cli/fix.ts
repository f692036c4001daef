import type { ServeConfig } from '../config/config.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { ApplyOutcome } from '../model/execution.ts';
import type { Incident } from '../model/incident.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';
import { diagnosisText } from '../report/diagnosis-text.ts';
import { terminalText } from '../report/terminal-style.ts';
import { privateAnswer } from '../words/en/answers.ts';
import { lookingAt } from '../words/en/cli.ts';
import * as words from '../words/en/fix.ts';
import { outcomeSentence } from '../words/en/outcome.ts';
import { planTitleOf } from '../words/en/plan-card.ts';
import type { Console } from './console.ts';
import { EXIT, EXIT_BY_VERDICT } from './exit-status.ts';
import { withSpinner } from './spinner.ts';
import type { Terminal } from './terminal.ts';

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
  refuseKey(plan: Plan, why: string): Promise<void>;
  run(plan: Plan): Promise<{ readonly outcome: ApplyOutcome | null; readonly isWell: boolean }>;
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
  | { readonly kind: 'not-signed'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export type FixParts = {
  readonly console: Console;
  openTerminal(): Terminal | null;
  createFixer(config: ServeConfig): Promise<Fixer>;
  /** Has the plan document signed at the terminal, and looks whether the key counts. */
  breakGlass(plan: Plan, host: HostSettings, terminal: Terminal): Promise<KeyAnswer>;
};

/** `fix HOST`: the plan that the bot would propose, run without Slack by whoever holds a break-glass key, on the same record. */
export async function fixCommand(host: HostSettings, config: ServeConfig, parts: FixParts): Promise<number> {
  const terminal = parts.openTerminal();
  if (terminal === null) {
    parts.console.err(words.fixNeedsTerminal());
    return EXIT.usage;
  }
  const fixer = await parts.createFixer(config);
  try {
    return await diagnoseAndFix(host, fixer, terminal, parts);
  } finally {
    await fixer.close();
    terminal.close();
  }
}

async function diagnoseAndFix(host: HostSettings, fixer: Fixer, terminal: Terminal, parts: FixParts): Promise<number> {
  const { console } = parts;
  const found = await withSpinner(console, lookingAt(host.name), () => fixer.diagnose(host));
  if (found.diagnosis !== null) console.out(diagnosisText(found.diagnosis, console.style));
  if (found.plan === null) {
    console.err(words.fixNoPlan(host.name));
    console.err(words.fixOnRecord(found.incident.id));
    return found.diagnosis === null ? EXIT.inconclusive : EXIT_BY_VERDICT[found.diagnosis.verdict];
  }
  console.out(`${terminalText(planTitleOf(found.plan), console.style)}\n`);
  const status = await fix(found.plan, { host, fixer, terminal }, parts);
  console.err(words.fixOnRecord(found.incident.id));
  return status;
}

type Fixing = { readonly host: HostSettings; readonly fixer: Fixer; readonly terminal: Terminal };

async function fix(plan: Plan, { host, fixer, terminal }: Fixing, parts: FixParts): Promise<number> {
  const { console } = parts;
  const refuse = (why: string) => {
    console.err(why);
    return EXIT.notGood;
  };
  const reason = terminal.ask(words.FIX_QUESTION);
  if (reason === '') return refuse(words.fixNoReason(plan.id));
  if (reason.length > MAX_REASON) return refuse(words.fixReasonTooLong(plan.id, MAX_REASON));
  const key = await parts.breakGlass(plan, host, terminal);
  if (key.kind === 'not-signed') return refuse(words.fixNotSigned(plan.id, key.why));
  if (key.kind === 'refused') {
    await fixer.refuseKey(plan, key.why);
    return refuse(words.fixKeyRefused(plan.id, key.why));
  }
  const objection = await fixer.approve(plan, key, reason);
  if (objection)
    return refuse(
      privateAnswer(objection)
        .map((phrase) => terminalText(phrase, console.style))
        .join(' '),
    );
  console.err(words.fixBy(key.by.principal, key.by.fingerprint));
  const { outcome, isWell } = await fixer.run(plan);
  if (outcome === null) return refuse(words.fixWaits(plan.id));
  console.out(`${terminalText(outcomeSentence(plan, outcome), console.style)}\n`);
  if (outcome.kind === 'applied') console.out(`${isWell ? words.fixWell(host.name) : words.fixNotWell(host.name)}\n`);
  return isWell ? EXIT.good : EXIT.notGood;
}

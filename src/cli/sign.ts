import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Plan } from '../model/plan/plan.ts';
import type { PlanDocument } from '../model/plan/plan-document.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import { IncidentId, type PlanId } from '../model/record/ids.ts';
import { isSealIntact } from '../record/plan-seal.ts';
import { terminalText } from '../telling/text/terminal-text.ts';
import type { AuditTrail } from '../workflow/ports.ts';
import { readBoundedStream } from './terminal/bounded-stream.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';
import type { Terminal } from './terminal/terminal.ts';

type DocumentReading =
  | { readonly kind: 'document'; readonly document: PlanDocument }
  | { readonly kind: 'malformed'; readonly line: number; readonly expected: string };

type Failed<K extends string, Why = SignatureProblem> = { readonly kind: K; readonly why: Why };

export type SignParts = {
  readonly console: Console;
  readonly stdin: Readable;
  readonly now: Date;
  openTerminal(): Terminal | null;
  /** The text as the bot has shown it, without what pasting does to one. */
  unpasted(text: string): string;
  parse(text: string): DocumentReading;
  write(plan: Plan): string;
  /** Asks on the terminal, if it has to. */
  sign(
    text: string,
    keyFile: string,
    terminal: number | null,
  ): Promise<{ readonly kind: 'signed'; readonly signature: string } | Failed<'not-signed'>>;
  check(
    text: string,
    signature: string,
  ): Promise<{ readonly kind: 'well-made'; readonly fingerprint: string } | Failed<'refused' | 'cannot-verify'>>;
};

export type SignOptions = { readonly key: string; readonly yes: boolean };

/** A path or ACL of a plan is at most some KiB, and it has at most 64 steps. */
const MAX_BYTES = 4 * 1024 * 1024;

/** `sign FILE`, `sign -`: signs a plan from its text. */
export async function signTextCommand(file: string, options: SignOptions, parts: SignParts): Promise<number> {
  const read = await readPlanText(file, parts);
  if (read.kind === 'text') return signDocument(parts.unpasted(read.text), options, parts);
  parts.console.err(parts.console.words.sign.planTextUnreadable(file, read.why));
  return EXIT.usage;
}

async function readPlanText(
  file: string,
  { stdin, console }: Pick<SignParts, 'stdin' | 'console'>,
): Promise<{ readonly kind: 'text'; readonly text: string } | Failed<'unreadable', string>> {
  try {
    const text = await readBoundedStream(file === '-' ? stdin : createReadStream(file), MAX_BYTES);
    return text === null
      ? { kind: 'unreadable', why: console.words.sign.planTextTooLarge(MAX_BYTES) }
      : { kind: 'text', text };
  } catch (error) {
    return { kind: 'unreadable', why: console.words.systemError.systemError(error) };
  }
}

/** `sign ID --config F`: signs a plan as the record has it, while it waits. */
export async function signRecordedCommand(
  id: PlanId,
  options: SignOptions,
  trail: AuditTrail,
  parts: SignParts,
): Promise<number> {
  const { console } = parts;
  const record = await trail.incidentRecord(IncidentId.parse(Number(id.split('-')[0])));
  const recorded = record?.plans.find(({ plan }) => plan.id === id);
  if (recorded === undefined) {
    console.err(console.words.sign.unknownPlan(id));
    return EXIT.usage;
  }
  const { plan, state } = recorded;
  if (!isSealIntact(plan)) return refuse(console.words.sign.planChanged(id), console);
  if (state !== 'proposed' && state !== 'approved') return refuse(console.words.sign.planIsOver(id, state), console);
  return signDocument(parts.write(plan), options, parts);
}

/** Shows what the very text says that is signed, asks, signs. Unasked it signs no plan that is over: no one read that it is. */
async function signDocument(text: string, { key, yes }: SignOptions, parts: SignParts): Promise<number> {
  const { console } = parts;
  const read = parts.parse(text);
  if (read.kind === 'malformed') {
    console.err(console.words.sign.notAPlanDocument(read.line, read.expected));
    return EXIT.usage;
  }
  for (const line of console.words.planDocument.planDocumentLines(read.document, parts.now))
    console.err(terminalText(line, console.style));
  if (yes && Date.parse(read.document.head.expires) < parts.now.getTime()) {
    return refuse(console.words.sign.planExpired(read.document.head.plan), console);
  }
  const terminal = parts.openTerminal();
  try {
    if (!yes && terminal === null) return refuse(console.words.sign.noTerminal(), console);
    if (!yes && !isYes(terminal?.ask(console.words.sign.SIGN_QUESTION)))
      return refuse(console.words.sign.notSigned(), console);
    return await signAndCheck(text, key, terminal?.descriptor ?? null, parts);
  } finally {
    terminal?.close();
  }
}

/** What ssh-keygen made is looked at once more: nobody should carry a signature away that does not count. */
async function signAndCheck(text: string, key: string, terminal: number | null, parts: SignParts): Promise<number> {
  const { console } = parts;
  const made = await parts.sign(text, key, terminal);
  if (made.kind === 'not-signed') return refuse(console.words.signatures.signatureProblem(made.why), console);
  const check = await parts.check(text, made.signature);
  if (check.kind !== 'well-made') return refuse(console.words.signatures.signatureProblem(check.why), console);
  console.err(console.words.sign.signedBy(check.fingerprint));
  console.out(made.signature);
  return EXIT.good;
}

function isYes(answer: string | undefined): boolean {
  return answer !== undefined && /^y(es)?$/i.test(answer);
}

function refuse(why: string, console: Console): number {
  console.err(why);
  return EXIT.notGood;
}

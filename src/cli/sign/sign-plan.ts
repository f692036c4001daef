import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Approver, createApprover } from '../../compose/approver.ts';
import { normalizePasted, parsePlanDocument, planDocument } from '../../host/request/plan-document.ts';
import { IncidentId, PlanId } from '../../model/record/ids.ts';
import { isSealIntact } from '../../record/plan-seal.ts';
import { terminalText } from '../../telling/text/terminal-text.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import { readBoundedStream } from '../files/bounded-stream.ts';
import type { CommandLine } from '../terminal/command-line.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { openTerminal } from '../terminal/terminal.ts';
import { withAuditTrail } from '../terminal/with-audit-trail.ts';

/** `plan`: a file, `-` for standard input, or the id of a plan on the record that `config` names. */
export type SignOptions = {
  readonly plan: string;
  readonly key: string;
  readonly config?: string;
  readonly yes: boolean;
};

type Signing = {
  readonly console: Console;
  readonly approver: Approver;
  readonly options: Pick<SignOptions, 'key' | 'yes'>;
};

/** More than any plan needs: it has at most 64 steps, and a path or ACL is at most some KiB. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Signs a plan from its text, or from the record. Resolves with the exit status. */
export async function signPlan(
  options: SignOptions,
  { console, process }: Pick<CommandLine, 'console' | 'process'>,
): Promise<number> {
  const signing = { console, approver: createApprover(process.env), options };
  const id = PlanId.safeParse(options.plan);
  if (!id.success) return signText(options.plan, process.stdin, signing);
  if (options.config !== undefined) {
    return withAuditTrail(options.config, console, (trail) => signRecorded(id.data, trail, signing));
  }
  console.err(console.words.sign.planIdNeedsConfig(id.data));
  return EXIT.usage;
}

/** `sign FILE`, `sign -`: signs a plan from its text. */
async function signText(file: string, stdin: Readable, signing: Signing): Promise<number> {
  const { console } = signing;
  const read = await readPlanText(file === '-' ? stdin : createReadStream(file), console);
  if (read.kind === 'text') return signDocument(normalizePasted(read.text), signing);
  console.err(console.words.sign.planTextUnreadable(file, read.why));
  return EXIT.usage;
}

async function readPlanText(
  stream: Readable,
  { words }: Console,
): Promise<{ readonly kind: 'text'; readonly text: string } | { readonly kind: 'unreadable'; readonly why: string }> {
  try {
    const text = await readBoundedStream(stream, MAX_BYTES);
    return text === null ? { kind: 'unreadable', why: words.sign.planTextTooLarge(MAX_BYTES) } : { kind: 'text', text };
  } catch (error) {
    return { kind: 'unreadable', why: words.systemError.systemError(error) };
  }
}

/** `sign ID --config F`: signs a plan from the record while it waits. */
async function signRecorded(id: PlanId, trail: AuditTrail, signing: Signing): Promise<number> {
  const { console } = signing;
  const record = await trail.incidentRecord(IncidentId.parse(Number(id.split('-')[0])));
  const recorded = record?.plans.find(({ plan }) => plan.id === id);
  if (recorded === undefined) {
    console.err(console.words.sign.unknownPlan(id));
    return EXIT.usage;
  }
  const { plan, state } = recorded;
  if (!isSealIntact(plan)) return refuse(console.words.sign.planChanged(id), console);
  if (state !== 'proposed' && state !== 'approved') return refuse(console.words.sign.planIsOver(id, state), console);
  return signDocument(planDocument(plan), signing);
}

/**
 * Shows exactly what the text to sign says, asks for confirmation and signs. With --yes it does not sign an expired
 * plan, because no one has read that it is expired.
 */
async function signDocument(text: string, signing: Signing): Promise<number> {
  const { console } = signing;
  const { yes } = signing.options;
  const now = new Date();
  const read = parsePlanDocument(text);
  if (read.kind === 'malformed') {
    console.err(console.words.sign.notAPlanDocument(read.line, read.expected));
    return EXIT.usage;
  }
  for (const line of console.words.planDocument.planDocumentLines(read.document, now))
    console.err(terminalText(line, console.style));
  if (yes && Date.parse(read.document.head.expires) < now.getTime()) {
    return refuse(console.words.sign.planExpired(read.document.head.plan), console);
  }
  const terminal = openTerminal();
  try {
    if (!yes && terminal === null) return refuse(console.words.sign.noTerminal(), console);
    if (!yes && !isYes(terminal?.ask(console.words.sign.SIGN_QUESTION)))
      return refuse(console.words.sign.notSigned(), console);
    return await signAndCheck(text, terminal?.descriptor ?? null, signing);
  } finally {
    terminal?.close();
  }
}

/** Signs the text and verifies the signature, so that no one gets a signature that no host accepts. */
async function signAndCheck(text: string, terminal: number | null, signing: Signing): Promise<number> {
  const { console, approver, options } = signing;
  const made = await approver.sign(text, options.key, terminal);
  if (made.kind === 'not-signed') return refuse(console.words.signatures.signatureProblem(made.why), console);
  const check = await approver.check(text, made.signature);
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

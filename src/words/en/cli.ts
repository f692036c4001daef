import type { HostName, IncidentId } from '../../model/ids.ts';
import type { PlanDraft, Risk } from '../../model/plan.ts';

/** What the command line says; what it says about a diagnosis or the record is shared with the thread. */

export const DESCRIPTIONS = {
  program: 'Finds the directory that breaks a container registry, proposes the smallest fix, and records all of it.',
  serve: 'run the bot until it is told to stop (SIGTERM)',
  diagnose: 'look at one host, and change nothing',
  diagnoseExits: `
Exit status: 0 healthy, 1 faulty, 2 wrong usage or config, 3 inconclusive or unreachable.`,
  check: 'try everything that the bot needs: config, host keys, logins, sudo, Slack',
  checkExits: `
Exit status: 0 all is well, 1 something is not.`,
  health: 'ask the bot that runs with this config whether it is well (for a container’s health check)',
  audit: 'the record of who did what, when',
  auditList: 'the newest entries, oldest first',
  auditVerify: 'check every entry and the chain that holds them together',
  auditExport: 'one incident as Markdown in four parts: plan, review, execution, record',
  host: 'prepare a host',
  hostSetup: 'print what to install on a host, and where',
  fix: 'break glass: run the plan for a host without Slack, with a reason and a key, on record',
  fixKey:
    'a key that breakGlass.allowedSigners in the config names: a private key, or the public half of one in an agent or in hardware',
  fixExits: '\nExit status: 0 mended and well, 1 not, 2 wrong usage or config, 3 the host could not be judged',
  hostGuard: 'print the guard, the one program that root runs on a host',
  sign: 'read a plan, and sign it as its approver; the signature goes to standard output',
  signExits: `
Exit status: 0 signed, 1 not signed, 2 wrong usage, or no plan that can be read.`,
  planArgument: 'a file with the plan’s text, - for standard input, or the plan’s id (142-1) with --config',
  key: 'your private key, or the .pub file of one in your ssh-agent',
  signConfig: 'the config file that names the record, to sign a plan by its id',
  signYes: 'sign without being asked',
  playground: 'try it all on this machine: no Slack, no server',
  config: 'the config file',
  json: 'print one JSON object; its shape is stable',
  saveFacts: 'keep what was seen, to be judged again offline',
  facts: 'judge facts that were kept, in place of a host',
  limit: 'at most so many entries',
  incident: 'of this incident alone',
  yes: 'give the approval without being asked',
  hostArgument: 'its name in the config file',
  incidentArgument: 'its number',
} as const;

export const USAGE = {
  hostOrFacts: 'error: name a HOST, or give saved facts with --facts',
  notBoth: 'error: saved facts (--facts) are judged as they are: leave HOST, --config and --save-facts away',
  configNeeded: "error: required option '--config <file>' not specified",
  wholeNumber: 'must be a whole number from 1 on',
} as const;

export function planHeading({ risk }: PlanDraft): string {
  return risk === 'low' ? 'Proposed fix (low access risk)' : 'Proposed fix (high access risk: review every line)';
}

export const DRAFT_NOT_APPROVABLE =
  'Nothing was changed. To have it approved, run and recorded, ask for the same diagnosis in Slack.';

export function unknownHost(name: string, nearest: readonly HostName[], known: readonly HostName[]): string {
  if (nearest.length > 0) return `I know no host ${quoted(name)}. Did you mean ${nearest.map(quoted).join(' or ')}?`;
  return `I know no host ${quoted(name)}. I know ${known.map(quoted).join(', ')}.`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

export function lookingAt(host: HostName): string {
  return `looking at ${host}`;
}

export function factsSaved(file: string): string {
  return `What was seen is kept in ${file}; "registry-doctor diagnose --facts ${file}" judges it again.`;
}

export function noFactsToSave(file: string): string {
  return `There are no facts to keep: ${file} was not written.`;
}

export function rawProbeSaved(file: string): string {
  return `There are no facts to keep, because the answer of the host could not be read; the answer itself is in ${file}.`;
}

export function fileNotWritten(file: string, why: string): string {
  return `${file} could not be written: ${why}.`;
}

export function factsUnreadable(file: string, why: string): string {
  return `${file} holds no facts that can be judged: ${why}. Nothing was judged.`;
}

export const FACTS_PROBLEMS = {
  tooLarge: (maxBytes: number) => `it is larger than ${maxBytes / 1024 / 1024} MiB`,
  notJson: 'it is not JSON',
  notFacts: (place: string, why: string) => `${place === '' ? '' : `${place}: `}${why}`,
} as const;

// check

export const CHECK_RESULTS = { ok: 'ok', failed: 'FAILED', 'not-tried': 'not tried', note: 'note' } as const;

export function configIsGood(file: string, hosts: number): string {
  return `${file}, ${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
}

/** Plans of this risk on this host can never be approved: more people have to than are named. `any`: nobody is named at all. */
export type NeverApproved = {
  readonly host: HostName;
  readonly risk: Risk | 'any';
  readonly needed: number;
  readonly named: number;
};

export function neverApprovedOn({ host, risk, needed, named }: NeverApproved): string {
  if (risk === 'any') return `nobody may approve plans for ${host} (policy.approvers)`;
  return `plans of ${risk} risk for ${host} can never be approved: ${needed} approvals are needed, and ${named} ${named === 1 ? 'person is' : 'people are'} named`;
}

export const CHECKS = {
  trying: 'trying everything',
  config: 'config file',
  policy: 'policy',
  breakGlass: 'break glass',
  breakGlassUnreadable: (file: string) => `${file} cannot be read, so that fix would take nobody's key`,
  environment: 'environment',
  environmentGood: 'all that this config needs is set',
  noSlack: 'no slack section in the config: hosts can be diagnosed, but the bot cannot run',
  slack: 'Slack',
  signing: 'signing key',
  host: (host: HostName, what: keyof typeof HOST_CHECKS) => `${host}: ${HOST_CHECKS[what]}`,
  earlierFailed: 'one before it failed',
} as const;

const HOST_CHECKS = {
  reach: 'reached',
  'host-key': 'host key',
  login: 'login',
  sudo: 'sudo',
  enter: 'enter',
  guard: 'guard',
} as const;

export function checkSummary(failed: number, notTried: number): string {
  if (failed === 0) return 'All is well.';
  const rest = notTried === 0 ? '' : `, and ${notTried} could not be tried`;
  return `${failed} ${failed === 1 ? 'thing is' : 'things are'} not well${rest}.`;
}

// audit

export const AUDIT_HEADING = ['entry', 'when', 'incident', 'what', 'who', 'plan', 'outcome'] as const;

export const NO_ENTRIES = 'There are no entries.';

export function recordIntact(entries: number, last: string | null): string {
  if (last === null) return 'The record is whole: there are no entries yet.';
  return `The record is whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}, the last one is ${last}.`;
}

export function recordBroken(entries: number, problems: number): string {
  return `The record is BROKEN: ${problems} ${problems === 1 ? 'problem' : 'problems'} in ${entries} entries. Keep the file as it is, it is evidence; the thread in Slack shows number and hash of each entry as it was written.`;
}

export function unknownIncident(incident: IncidentId): string {
  return `There is no incident ${incident} on record.`;
}

// serve

export function notStarted(why: string): string {
  return `The bot did not start: ${why}`;
}

export const SERVE_LOG = {
  notStarted: 'did not start',
  serving: 'serving',
  stopping: 'stopping: no new work, what is under way is finished first',
  stopped: 'stopped',
  notDrained: 'stopped before all work was finished; the next start takes it up',
} as const;

/** A bug, or a machine that is broken: nobody can be told what to do, but what happened. */
export function unexpected(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `registry-doctor: something happened that it was not made for. Please report it with these lines:\n${what}`;
}

import type { AuditEntry } from '../model/record/audit.ts';
import { IncidentId } from '../model/record/ids.ts';
import { incidentMarkdown } from '../telling/markdown/incident-markdown.ts';
import { tableLines } from '../telling/text/table.ts';
import { type TerminalStyle, terminalText } from '../telling/text/terminal-text.ts';
import { auditOutcome } from '../words/en/audit-outcome.ts';
import { AUDIT_HEADING, NO_ENTRIES, recordBroken, recordIntact, slackUser, unknownIncident } from '../words/en/cli.ts';
import { actorName } from '../words/en/people.ts';
import { actLabel, recordMark } from '../words/en/record.ts';
import { recordProblem } from '../words/en/store.ts';
import { dateAndTime } from '../words/moment.ts';
import { plainText } from '../words/phrase.ts';
import { visibleText } from '../words/visible-text.ts';
import type { AuditTrail } from '../workflow/ports.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

/** `audit list`: the newest entries, oldest first. */
export async function auditListCommand(
  which: { readonly incident: number | null; readonly limit: number },
  trail: AuditTrail,
  console: Console,
): Promise<number> {
  const { incident, limit } = which;
  const ofIncident = incident === null ? {} : { incidentId: IncidentId.parse(incident) };
  const entries = await trail.list({ limit, ...ofIncident });
  if (entries.length === 0) {
    console.err(NO_ENTRIES);
    return EXIT.good;
  }
  const rows = entries.map((entry) => ({ cells: cellsOf(entry, console) }));
  const lines = tableLines([{ cells: AUDIT_HEADING, style: console.style.faint }, ...rows]);
  console.out(lines.map((line) => `${line}\n`).join(''));
  return EXIT.good;
}

/** `audit verify`: every broken entry by name. */
export async function auditVerifyCommand(trail: AuditTrail, console: Console): Promise<number> {
  const check = await trail.verify();
  if (check.kind === 'intact') {
    const last = check.last === null ? null : plainText(recordMark(check.last));
    console.out(`${console.style.reassuring(recordIntact(check.entries, last))}\n`);
    return EXIT.good;
  }
  for (const problem of check.problems) console.out(`${visibleText(recordProblem(problem))}\n`);
  console.out(`${console.style.alarming(recordBroken(check.entries, check.problems.length))}\n`);
  return EXIT.notGood;
}

/** `audit export INCIDENT`: the incident as Markdown. */
export async function auditExportCommand(incident: number, trail: AuditTrail, console: Console): Promise<number> {
  const id = IncidentId.parse(incident);
  const record = await trail.incidentRecord(id);
  if (record === null) {
    console.err(unknownIncident(id));
    return EXIT.usage;
  }
  console.out(incidentMarkdown(record));
  return EXIT.good;
}

function cellsOf(entry: AuditEntry, { style }: Console): readonly string[] {
  return [
    terminalText(recordMark(entry), style),
    terminalText([dateAndTime(entry.at)], style),
    String(entry.incidentId),
    terminalText([actLabel(entry.act)], style),
    whoActed(entry, style),
    entry.planId ?? '',
    visibleText(auditOutcome(entry)),
  ];
}

/** The record has Slack's ids, and a terminal cannot ask Slack for names: the id is called what it is. */
function whoActed({ actor }: AuditEntry, style: TerminalStyle): string {
  const name = terminalText(actorName(actor), style);
  return actor.kind === 'slack-user' ? slackUser(name) : name;
}

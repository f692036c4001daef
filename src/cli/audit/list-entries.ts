import type { AuditEntry } from '../../model/record/audit.ts';
import { IncidentId } from '../../model/record/ids.ts';
import { tableLines } from '../../telling/text/table.ts';
import { type TerminalStyle, terminalText } from '../../telling/text/terminal-text.ts';
import type { Words } from '../../words/index.ts';
import { dateAndTime } from '../../words/moment.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit list`: the newest entries, oldest first. */
export async function listEntries(
  which: { readonly incident: number | null; readonly limit: number },
  trail: AuditTrail,
  console: Console,
): Promise<number> {
  const { incident, limit } = which;
  const ofIncident = incident === null ? {} : { incidentId: IncidentId.parse(incident) };
  const entries = await trail.list({ limit, ...ofIncident });
  if (entries.length === 0) {
    console.err(console.words.cli.NO_ENTRIES);
    return EXIT.good;
  }
  const rows = entries.map((entry) => ({ cells: cellsOf(entry, console) }));
  const lines = tableLines([{ cells: console.words.cli.AUDIT_HEADING, style: console.style.faint }, ...rows]);
  console.out(lines.map((line) => `${line}\n`).join(''));
  return EXIT.good;
}

function cellsOf(entry: AuditEntry, { style, words }: Console): readonly string[] {
  return [
    terminalText(words.record.entryMark(entry), style),
    terminalText([dateAndTime(entry.at)], style),
    entry.incidentId === null ? '' : String(entry.incidentId),
    terminalText([words.record.actLabel(entry.act)], style),
    whoActed(entry, style, words),
    entry.planId ?? '',
    visibleText(words.auditOutcome.auditOutcome(entry)),
  ];
}

/** Names the actor of an entry. A terminal can't ask Slack for names, so Slack's id is labeled as an id. */
function whoActed({ actor }: AuditEntry, style: TerminalStyle, words: Words): string {
  const name = terminalText(words.people.actorName(actor), style);
  return actor.kind === 'slack-user' ? words.cli.slackUser(name) : name;
}

import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { IncidentId, Sha256 } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { GiveUpReason } from '../../model/record/messages/slack-failure.ts';
import type { FileMessage } from '../../model/record/messages/thread-message.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { slackFailureClause } from './slack-failure.ts';
import { count } from './time.ts';

/** The files in a thread: their titles, their buttons, and what is said where there are none. */

export const POST_RECORD = 'Post the record';

/** Over a file in Slack. */
export function recordFileTitle({ incidentId, host, entries }: Extract<FileMessage, { about: 'record' }>): string {
  return `Incident ${incidentId} on ${host}: the record, ${count(entries, 'entry', 'entries')}`;
}

export function planFileTitle({ id, host }: Plan): string {
  return `Plan ${id} for ${host}: every command`;
}

export function pictureTitle({ host }: Diagnosis): string {
  return `${host}: the path to the storage`;
}

/** How to get the record where no file can be posted. */
export function recordAtTerminal(id: IncidentId): Phrase {
  return say`Export the record: ${code(`registry-doctor audit export ${id}`)}`;
}

/** In answer to the button, if no file can be posted (any more). */
export function cannotPostRecord(id: IncidentId): Phrase {
  return say`I can’t post files in this workspace. Run ${code(`registry-doctor audit export ${id}`)} on the bot’s machine, or add the scope ${code('files:write')} as in manifest.yml and install the app again.`;
}

/** In answer to the button, once the file is on its way. */
export function recordWaits({ incidentId, failedBefore }: Extract<PrivateAnswer, { kind: 'record-waits' }>): Phrase {
  const again = failedBefore === null ? [] : say` The last try failed: ${fileFailure(failedBefore)}.`;
  return say`I’ll post the record of incident ${incidentId} in its thread. Other messages go first.${again}`;
}

/** In answer to the button, if nothing was added since. */
export function recordPosted(id: IncidentId): Phrase {
  return say`The record of incident ${id} is already in its thread, with every entry so far.`;
}

/** Why a file is not in its thread, as a clause. */
function fileFailure(why: GiveUpReason): string {
  switch (why.kind) {
    case 'not-made':
      return `the file could not be made (${why.said})`;
    case 'unreadable':
      return 'the message can’t be read in the record';
    default:
      return slackFailureClause(why);
  }
}

/** On the card of a plan with more commands than fit: where to read them all. */
export function planInFile(hidden: number, { name }: { readonly name: string }): Phrase {
  return say`This card does not show ${count(hidden, 'step')}. Every command is in the file ${code(name)} above: read it before you approve.`;
}

/** Beside the hash of the plan. */
export function planFileMark(hash: Sha256): Phrase {
  return say`file SHA-256 ${code(hash.slice('sha256:'.length))}`;
}

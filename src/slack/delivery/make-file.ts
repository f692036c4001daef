import type { ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { FileMessage } from '../../model/record/messages/thread-message.ts';
import { wholeDocument } from '../../telling/document/incident-document.ts';
import { diagnosisPicture } from '../../telling/picture/diagnosis-picture.ts';
import type { Words } from '../../words/index.ts';
import { renderPng } from './render-png.ts';
import type { SlackFile } from './upload-file.ts';

/** What files are made from, beside their message. */
export type FileSources = {
  /** Whether Slack lets the bot post files. */
  readonly canPost: () => boolean;
  readonly now: () => Date;
  /** An incident with its proof, in the language that its channel shares. Null: there is no such incident. */
  readonly exported: (id: IncidentId) => Promise<ToldIncident | null>;
};

/** Where no file is ever posted. */
export const NO_FILES: FileSources = { canPost: () => false, now: () => new Date(0), exported: async () => null };

/** The name of a file, the same each time it is made. */
export function fileName(message: FileMessage): string {
  return message.about === 'record'
    ? `incident-${message.incidentId}-record-${message.entries}.md`
    : `incident-${message.incidentId}-diagnosis-${message.sequence}.png`;
}

/** The file of a message. Rejects if it can't be made. */
export async function makeFile(message: FileMessage, words: Words, sources: FileSources): Promise<SlackFile> {
  const name = fileName(message);
  if (message.about === 'picture') {
    const { svg, altText } = diagnosisPicture(message.diagnosis, words);
    return { name, title: words.files.pictureTitle(message.diagnosis), bytes: await renderPng(svg), altText };
  }
  const told = await sources.exported(message.incidentId);
  if (told === null) throw new Error(`there is no incident ${message.incidentId}`);
  const entries = told.entries.length;
  const bytes = Buffer.from(wholeDocument('md', told, words), 'utf8');
  return { name, title: words.files.recordFileTitle({ ...message, entries }), bytes, altText: null };
}

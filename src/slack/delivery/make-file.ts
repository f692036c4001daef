import type { IncidentId } from '../../model/record/ids.ts';
import type { IncidentRecord } from '../../model/record/record.ts';
import type { FileMessage } from '../../model/record/thread-message.ts';
import { incidentMarkdown } from '../../telling/markdown/incident-markdown.ts';
import { diagnosisPicture } from '../../telling/picture/diagnosis-picture.ts';
import type { Words } from '../../words/index.ts';
import { renderPng } from './render-png.ts';
import type { SlackFile } from './upload-file.ts';

/** What files are made from, beside their message. */
export type FileSources = {
  /** Whether Slack lets the bot post files. */
  readonly canPost: () => boolean;
  readonly now: () => Date;
  /** Null: there is no such incident. */
  readonly recordOf: (id: IncidentId) => Promise<IncidentRecord | null>;
};

/** Where no file is ever posted. */
export const NO_FILES: FileSources = { canPost: () => false, now: () => new Date(0), recordOf: async () => null };

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
  const record = await sources.recordOf(message.incidentId);
  if (record === null) throw new Error(`there is no incident ${message.incidentId}`);
  const entries = record.entries.length;
  const bytes = Buffer.from(incidentMarkdown(record, words), 'utf8');
  return { name, title: words.files.recordFileTitle({ ...message, entries }), bytes, altText: null };
}

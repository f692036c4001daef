import type { types } from '@slack/bolt';
import { clock } from '../../words/moment.ts';
import type { Phrase, Run } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { escapeMrkdwn, visibleLines } from './visible-text.ts';

/** Paragraphs in a block in which Slack parses no markup. */
export function richText(
  ...parts: readonly (types.RichTextSection | types.RichTextList | types.RichTextPreformatted)[]
): types.RichTextBlock {
  return { type: 'rich_text', elements: [...parts] };
}

export function paragraph(phrase: Phrase): types.RichTextSection {
  return { type: 'rich_text_section', elements: merged(phrase).map(elementOf) };
}

/** Joins neighboring runs of one style, because Slack counts and draws each run. */
function merged(phrase: Phrase): Phrase {
  const runs: Run[] = [];
  for (const run of phrase) {
    const last = runs.at(-1);
    const joins = last?.kind === 'text' && run.kind === 'text' && (last.bold ?? false) === (run.bold ?? false);
    if (joins) runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}

/** Several paragraphs with an empty line between them. */
export function paragraphs(phrases: readonly Phrase[]): types.RichTextSection[] {
  return phrases.map((phrase, index) => {
    const section = paragraph(phrase);
    return index === 0 ? section : { ...section, elements: [{ type: 'text', text: '\n' }, ...section.elements] };
  });
}

/** Lines as they are, in a fixed-width font. */
export function preformatted(text: string): types.RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: visibleLines(text) || ' ' }] };
}

function elementOf(run: Run): types.RichTextElement {
  switch (run.kind) {
    case 'text':
      return { type: 'text', text: visibleText(run.text), ...(run.bold ? { style: { bold: true } } : {}) };
    case 'code':
      return {
        type: 'text',
        text: visibleText(run.text) || ' ',
        style: { code: true, ...(run.bold ? { bold: true } : {}) },
      };
    case 'user':
      return { type: 'user', user_id: run.user };
    case 'group':
      return { type: 'usergroup', usergroup_id: run.group };
    case 'channel':
      return { type: 'channel', channel_id: run.channel };
    case 'link':
      return { type: 'link', url: run.url, text: visibleText(run.text) };
    case 'time':
      return { type: 'date', timestamp: unixSeconds(run.at), format: FORMATS[run.precision], fallback: clock(run) };
  }
}

const FORMATS = { time: '{time}', 'date-and-time': '{date_short_pretty} {time}' } as const;

/**
 * The same words for a message's `text`, in which Slack parses mrkdwn. Everything is escaped except our own mentions.
 */
export function mrkdwnText(phrase: Phrase): string {
  return phrase.map(mrkdwnOf).join('');
}

function mrkdwnOf(run: Run): string {
  switch (run.kind) {
    case 'text':
    case 'code':
      return escapeMrkdwn(visibleText(run.text));
    case 'user':
      return `<@${run.user}>`;
    case 'group':
      return `<!subteam^${run.group}>`;
    case 'channel':
      return `<#${run.channel}>`;
    case 'link':
      return `<${escapeMrkdwn(run.url)}|${escapeMrkdwn(visibleText(run.text))}>`;
    case 'time':
      return `<!date^${unixSeconds(run.at)}^${FORMATS[run.precision]}|${clock(run)}>`;
  }
}

function unixSeconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}

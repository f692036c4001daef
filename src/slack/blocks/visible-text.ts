import { visibleText } from '../../words/visible-text.ts';

/** {@link visibleText} for text of several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : visibleText(part)))
    .join('');
}

/** The three characters that Slack's mrkdwn reads: without them there is no mention, no link and no broadcast. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

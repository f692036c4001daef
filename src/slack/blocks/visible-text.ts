import { visibleText } from '../../words/visible-text.ts';

/** {@link visibleText} for text of several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : visibleText(part)))
    .join('');
}

/**
 * Escapes the three characters that have a meaning in Slack's mrkdwn. Without them there is no mention, link or
 * broadcast.
 */
export function escapeMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

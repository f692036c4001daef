import type { Names } from './names.ts';

/** A run of mrkdwn after Slack's own parsing. `text` is decoded, with `&amp;` and the like replaced. */
export type MrkdwnRun =
  | {
      readonly kind: 'text' | 'code' | 'preformatted' | 'bold' | 'italic' | 'strike' | 'mention';
      readonly text: string;
    }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

const TOKEN =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<!\w)\*([^*\n]+)\*(?!\w)|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/g;

/** Parses mrkdwn as far as the stand-in shows it: code, links, mentions, and one level of emphasis. */
export function parseMrkdwn(source: string, names: Names): MrkdwnRun[] {
  const runs: MrkdwnRun[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > end) runs.push(textRun('text', source.slice(end, match.index)));
    runs.push(runOf(match, names));
    end = match.index + match[0].length;
  }
  return end < source.length ? [...runs, textRun('text', source.slice(end))] : runs;
}

function runOf(match: RegExpExecArray, names: Names): MrkdwnRun {
  const [, preformatted, code, angle, bold, italic, strike] = match;
  if (preformatted !== undefined) return textRun('preformatted', preformatted);
  if (code !== undefined) return textRun('code', code);
  if (angle !== undefined) return angleRun(angle, names);
  if (bold !== undefined) return textRun('bold', bold);
  return italic === undefined ? textRun('strike', strike ?? '') : textRun('italic', italic);
}

/** The content of `<…>`: a mention, a date, or a link. */
function angleRun(inside: string, names: Names): MrkdwnRun {
  const [target = '', label] = inside.split('|', 2);
  const mention = mentionOf(target, names);
  if (mention !== null) return { kind: 'mention', text: mention };
  if (target.startsWith('!')) return textRun('text', label ?? target);
  const url = unescaped(target);
  return { kind: 'link', text: label === undefined ? url : unescaped(label), url };
}

function mentionOf(target: string, names: Names): string | null {
  if (target.startsWith('@')) return names.user(target.slice(1));
  if (target.startsWith('#')) return names.channel(target.slice(1));
  if (target.startsWith('!subteam^')) return names.userGroup(target.slice('!subteam^'.length));
  return ['!here', '!channel', '!everyone'].includes(target) ? `@${target.slice(1)}` : null;
}

function textRun(kind: Exclude<MrkdwnRun['kind'], 'link'>, source: string): MrkdwnRun {
  return { kind, text: unescaped(source) };
}

function unescaped(source: string): string {
  return source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

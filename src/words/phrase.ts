import type { ChannelId, GroupId, UserId } from '../model/record/ids.ts';

/**
 * A run of words in one style. A renderer decides how the style looks (Slack blocks, a terminal); the text of a
 * run is never parsed, so that a path named `<!channel>` or `*bold*` is shown as it is.
 */
export type Run =
  | { readonly kind: 'text'; readonly text: string; readonly bold?: boolean }
  /** Something in a file system, or typed: a path, a user name, a command. */
  | { readonly kind: 'code'; readonly text: string; readonly bold?: boolean }
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'group'; readonly group: GroupId }
  | { readonly kind: 'channel'; readonly channel: ChannelId }
  /** Words that lead to an address of our own making. */
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** A moment (ISO 8601), shown in the reader's own time zone. */
  | { readonly kind: 'time'; readonly at: string; readonly precision: 'time' | 'date-and-time' };

/** A sentence, or a few, as styled runs. */
export type Phrase = readonly Run[];

type Part = string | number | Run | Phrase;

/** Template tag: literal text and plain values become text runs, runs and phrases are taken over as they are. */
export function say(literals: TemplateStringsArray, ...parts: readonly Part[]): Phrase {
  return literals.flatMap((literal, index) => [...textRuns(literal), ...runsOf(parts[index] ?? '')]);
}

export function code(text: string): Run {
  return { kind: 'code', text };
}

export function bold(text: string): Run {
  return { kind: 'text', text, bold: true };
}

/** Words that lead to the address, if there is one. */
export function linked(text: string, url: string | null): Run {
  return url === null ? { kind: 'text', text } : { kind: 'link', text, url };
}

/** The same phrase with its words in bold, where the style knows bold. */
export function emphasised(phrase: Phrase): Phrase {
  return phrase.map((run) => (run.kind === 'text' || run.kind === 'code' ? { ...run, bold: true } : run));
}

/** The same phrase with a capital at its start, if it starts with words. */
export function capitalised([first, ...rest]: Phrase): Phrase {
  if (first === undefined) return [];
  const isWords = first.kind === 'text';
  return [isWords ? { ...first, text: `${first.text.charAt(0).toUpperCase()}${first.text.slice(1)}` } : first, ...rest];
}

/** The phrases as a list of this form: “a, b and c”. Whatever runs they hold are kept. */
export function listed(phrases: readonly Phrase[], form: Intl.ListFormat): Phrase {
  const parts = form.formatToParts(phrases.map((_, index) => String(index)));
  return parts.flatMap(({ type, value }) => (type === 'element' ? (phrases[Number(value)] ?? []) : textRuns(value)));
}

/** The phrases one after another with a separator between them. */
export function separated(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? phrase : say`${separator}${phrase}`));
}

/** Text with commands in backticks, as a phrase that has them as code. A backtick without its other half stays text. */
export function withCode(text: string): Phrase {
  const parts = text.split('`');
  const isWhole = parts.length % 2 === 1;
  if (!isWhole) return textRuns(text);
  return parts.flatMap((part, index) => (index % 2 === 1 ? [code(part)] : textRuns(part)));
}

function runsOf(part: Part): Phrase {
  if (typeof part === 'string' || typeof part === 'number') return textRuns(String(part));
  return 'kind' in part ? [part] : part;
}

function textRuns(text: string): Phrase {
  return text === '' ? [] : [{ kind: 'text', text }];
}

/** The phrase as bare text, where there is no style and no one to mention. */
export function plainText(phrase: Phrase): string {
  return phrase.map(bareText).join('');
}

function bareText(run: Run): string {
  switch (run.kind) {
    case 'text':
    case 'code':
    case 'link':
      return run.text;
    case 'user':
      return run.user;
    case 'group':
      return run.group;
    case 'channel':
      return run.channel;
    case 'time':
      return run.at;
  }
}

import { namesIn } from './render/names.ts';
import { readable } from './render/readable.ts';
import { renderText } from './render-text.ts';
import type { StandInState } from './state.ts';
import type { SlackFile } from './stores/file-store.ts';

const WIDTH = 120;

/** All messages in order, replies indented, private ones marked as such. */
export function transcript(state: StandInState): string {
  const names = namesIn(state.workspace);
  const rendering = { names, width: WIDTH };
  const messages = state.messages.all().map((message) => ({
    ts: message.ts,
    head: `${names.channel(message.channel)} ${names.user(message.user)}`,
    indent: message.threadTs === null ? '  ' : '      ',
    body: [renderText(message, rendering), ...(message.files ?? []).map(fileLine)].filter(Boolean).join('\n'),
  }));
  const whispers = state.ephemerals.all().map((message) => ({
    ts: message.ts,
    head: `${names.channel(message.channel)} only to ${names.user(message.user)}, by ${message.via}`,
    indent: '  ',
    body: renderText(message, rendering),
  }));
  return [...messages, ...whispers]
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    .map(({ ts, head, indent, body }) => `${readable(head)} (${ts})\n${body.replace(/^/gm, indent)}`)
    .join('\n');
}

function fileLine({ name, title }: SlackFile): string {
  return readable(`[file: ${title} (${name})]`);
}

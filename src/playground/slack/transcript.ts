import type { StandInState } from './state.ts';

/** Everything that was said, threads below their first message, then what single people were told. */
export function transcript(state: StandInState): string {
  const lines = state.messages.all().map((message) => {
    const place = message.threadTs === null ? message.channel : `${message.channel} > ${message.threadTs}`;
    return `[${place}] ${message.ts} ${message.user}: ${JSON.stringify(message.text)}`;
  });
  const whispers = state.ephemerals
    .all()
    .map(({ channel, user, text, via }) => `[${channel}] only to ${user} (${via}): ${JSON.stringify(text)}`);
  return [...lines, ...whispers].join('\n');
}

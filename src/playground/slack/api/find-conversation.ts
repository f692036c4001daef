import type { StandInState } from '../state.ts';
import type { SlackChannel } from '../workspace.ts';
import { type Refusal, refuse } from './answer.ts';

type Found =
  | { readonly kind: 'found'; readonly channel: SlackChannel }
  | { readonly kind: 'refused'; readonly answer: Refusal };

/** The scope that a method needs for each kind of conversation. */
export type ScopeByKind = Readonly<Record<SlackChannel['kind'], string>>;

/** A conversation to read from, with the scope that its kind needs. */
export function findReadable(id: string, scopes: ScopeByKind, state: StandInState): Found {
  const channel = state.conversations.visibleToBot(id);
  if (channel === undefined) return refused('channel_not_found');
  const needed = scopes[channel.kind];
  if (!state.scopes.has(needed)) {
    return { kind: 'refused', answer: refuse('missing_scope', { needed, provided: [...state.scopes].join(',') }) };
  }
  return { kind: 'found', channel };
}

/** A conversation to write to. A user id stands for the direct messages with that person. */
export function findWritable(id: string, state: StandInState): Found {
  const person = state.workspace.users.find((user) => user.id === id);
  const channel = person === undefined ? state.conversations.visibleToBot(id) : state.conversations.openDirect(id);
  if (channel === undefined) return refused('channel_not_found');
  if (channel.isArchived) return refused('is_archived');
  return state.conversations.hasBot(channel) ? { kind: 'found', channel } : refused('not_in_channel');
}

function refused(error: string): Found {
  return { kind: 'refused', answer: refuse(error) };
}

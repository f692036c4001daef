import { z } from 'zod';
import { contentArguments, readContent } from './api/read-content.ts';
import type { DeliveryResult } from './delivery/transport.ts';
import type { StandInState } from './state.ts';
import type { ResponseTarget } from './stores/response-urls.ts';

const Answer = z.object({
  ...contentArguments,
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
});

/**
 * Posts the answer that an acknowledgement of a slash command can carry: text or a message, for the person or the
 * channel.
 */
export function takeCommandAnswer(result: DeliveryResult, target: ResponseTarget, state: StandInState): void {
  if (result.failure !== null || result.body === '') return;
  const parsed = Answer.safeParse(typeof result.body === 'string' ? { text: result.body } : result.body);
  if (!parsed.success) return;
  const read = readContent(parsed.data);
  if (read.kind === 'refused') return;
  const { text = '', blocks = [], metadata = null } = read.content;
  if (text === '' && blocks.length === 0) return;
  const { user, channel } = target;
  if (parsed.data.response_type === 'in_channel') {
    const bot = state.workspace.app.botUserId;
    state.messages.post({ channel, threadTs: null, user: bot, isBroadcast: false, text, blocks, metadata });
    return;
  }
  const via = 'answer to the request';
  const where = { ts: state.messages.nextTs(), user, channel, threadTs: null, via, responseUrl: null } as const;
  state.ephemerals.add({ ...where, text, blocks, metadata });
}

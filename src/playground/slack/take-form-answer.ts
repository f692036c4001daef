import { z } from 'zod';
import { ModalView } from './blocks/view.ts';
import type { DeliveryResult } from './delivery/transport.ts';
import type { StandInState } from './state.ts';
import type { OpenView } from './stores/view-store.ts';

/** Nothing, over Socket Mode. */
const Empty = z.strictObject({}).transform(() => ({ response_action: 'clear' as const }));

const Answer = z.union([
  Empty,
  z.object({ response_action: z.literal('update'), view: ModalView }),
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('clear') }),
]);

/** The acknowledgement of a form says what becomes of it: empty closes it. Slack shows an error for any that it can't read. */
export function takeFormAnswer(result: DeliveryResult, open: OpenView, { views }: StandInState): void {
  if (result.failure !== null) return;
  const answer = result.body === '' ? ({ response_action: 'clear' } as const) : Answer.parse(result.body);
  if (answer.response_action === 'update') views.update(open, answer.view);
  if (answer.response_action === 'clear') views.close(open.id);
}

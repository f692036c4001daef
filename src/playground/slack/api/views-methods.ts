import { z } from 'zod';
import { slackMessages } from '../blocks/block-errors.ts';
import { HomeView, ModalView } from '../blocks/view.ts';
import type { StandInState } from '../state.ts';
import type { OpenView } from '../stores/view-store.ts';
import { type ApiAnswer, answer, refuse, refuseBecause } from './answer.ts';
import { Structure } from './arguments.ts';
import { apiMethod } from './method.ts';

const MAX_VIEW_BYTES = 250_000;

export const viewsOpen = apiMethod({
  name: 'views.open',
  token: 'bot',
  scopes: [],
  takesJson: true,
  arguments: z.object({ trigger_id: z.string(), view: Structure }),
  call: (args, state) =>
    withView(ModalView, args.view, (view) => {
      if (view.external_id && state.views.withExternalId(view.external_id)) return refuse('duplicate_external_id');
      const trigger = state.triggers.use(args.trigger_id);
      if (trigger.kind === 'refused') return refuse(trigger.error);
      return answer({ view: presentView(state.views.open(trigger.userId, view), state) });
    }),
});

export const viewsUpdate = apiMethod({
  name: 'views.update',
  token: 'bot',
  scopes: [],
  takesJson: true,
  arguments: z.object({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: Structure,
  }),
  call: (args, state) =>
    withView(ModalView, args.view, (view) => {
      const old = args.view_id ? state.views.find(args.view_id) : state.views.withExternalId(args.external_id ?? '');
      if (old === undefined) return refuse('not_found');
      if (args.hash !== undefined && args.hash !== old.hash) return refuse('hash_conflict');
      return answer({ view: presentView(state.views.update(old, view), state) });
    }),
});

export const viewsPublish = apiMethod({
  name: 'views.publish',
  token: 'bot',
  scopes: [],
  takesJson: true,
  arguments: z.object({ user_id: z.string(), view: Structure, hash: z.string().optional() }),
  call: (args, state) =>
    withView(HomeView, args.view, (view) => {
      const { user_id: userId, hash } = args;
      if (!state.workspace.users.some(({ id }) => id === userId)) return refuse('invalid_arguments');
      if (hash !== undefined && hash !== state.views.homeOf(userId)?.hash) return refuse('hash_conflict');
      const published = state.views.publish(userId, view);
      return answer({ view: { ...view, id: published.id, hash: published.hash, team_id: state.workspace.team.id } });
    }),
});

function withView<View>(schema: z.ZodType<View>, raw: unknown, use: (view: View) => ApiAnswer): ApiAnswer {
  if (JSON.stringify(raw)?.length > MAX_VIEW_BYTES) return refuse('view_too_large');
  const parsed = schema.safeParse(raw, { reportInput: true });
  return parsed.success ? use(parsed.data) : refuseBecause('invalid_arguments', slackMessages(parsed.error, '/view'));
}

/** Also sent in a `view_submission`, there with the person's input as its state. */
export function presentView(open: OpenView, { workspace: { team, app } }: StandInState) {
  return {
    id: open.id,
    team_id: team.id,
    ...open.view,
    private_metadata: open.view.private_metadata ?? '',
    callback_id: open.view.callback_id ?? '',
    external_id: open.view.external_id ?? '',
    state: { values: {} },
    hash: open.hash,
    previous_view_id: null,
    root_view_id: open.id,
    app_id: app.appId,
    bot_id: app.botId,
  };
}

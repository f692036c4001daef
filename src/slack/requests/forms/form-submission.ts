import { z } from 'zod';
import { parsedJson } from '../../../model/json.ts';
import { TeamId, UserId } from '../../../model/record/ids.ts';
import { FORM_IDS, FormOrigin, INPUT } from './plan-form.ts';

const Answer = z.object({ [INPUT.block]: z.object({ [INPUT.action]: z.object({ value: z.string().nullable() }) }) });

/** A form as Slack sends it back: who sent it, what it was about, and the input, trimmed. */
export const FormSubmission = z.object({
  user: z.object({ id: UserId, team_id: TeamId }),
  trigger_id: z.string().min(1).max(255),
  view: z
    .object({
      callback_id: z.enum(FORM_IDS),
      private_metadata: z.string().max(3_000),
      state: z.object({ values: Answer }),
    })
    .transform((view, context) => {
      const origin = originIn(view.private_metadata);
      if (origin === null) {
        context.addIssue({ code: 'custom', message: 'it does not say what it is about' });
        return z.NEVER;
      }
      const typed = view.state.values[INPUT.block]?.[INPUT.action]?.value ?? '';
      return { id: view.callback_id, origin, typed: typed.trim() };
    }),
});
export type FormSubmission = z.infer<typeof FormSubmission>;

function originIn(metadata: string): FormOrigin | null {
  return FormOrigin.safeParse(parsedJson(metadata)).data ?? null;
}

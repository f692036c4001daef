import { z } from 'zod';
import { ModalBlock } from './layout.ts';
import { PlainText } from './texts.ts';

/** A modal, as views.open and views.update take it. */
export const ModalView = z
  .strictObject({
    type: z.literal('modal'),
    title: PlainText(24),
    blocks: z.array(ModalBlock).min(1).max(100),
    submit: PlainText(24).optional(),
    close: PlainText(24).optional(),
    private_metadata: z.string().max(3000).optional(),
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  })
  .refine((view) => view.submit !== undefined || view.blocks.every((block) => block.type !== 'input'), {
    error: 'missing required field: submit',
  });
export type ModalView = z.infer<typeof ModalView>;

/** A home tab, as views.publish takes it. */
export const HomeView = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(ModalBlock).max(100),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
});
export type HomeView = z.infer<typeof HomeView>;

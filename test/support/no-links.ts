import type { MessageLinks } from '../../src/workflow/ports/messages.ts';

/** Of a workspace that is not known. */
export const NO_LINKS: MessageLinks = { linkTo: async () => null };

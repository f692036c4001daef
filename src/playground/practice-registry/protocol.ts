import { z } from 'zod';

/** The uid and gid that the registry runs as, without supplementary groups. */
export const ServiceIdentity = z.strictObject({ uid: z.number().int().positive(), gid: z.number().int().positive() });
export type ServiceIdentity = z.infer<typeof ServiceIdentity>;

/** A message to the registry's process. The first two carry a listening socket each, the third tells it to serve. */
export const ParentMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('registry-listener') }),
  z.strictObject({ kind: z.literal('debug-listener') }),
  /** Null: keep the current uid and gid. */
  z.strictObject({ kind: z.literal('serve'), identity: ServiceIdentity.nullable() }),
]);
export type ParentMessage = z.infer<typeof ParentMessage>;

/** The message from the registry's process that it serves, with the requested uid and gid. */
export const ChildMessage = z.strictObject({ kind: z.literal('serving') });
export type ChildMessage = z.infer<typeof ChildMessage>;

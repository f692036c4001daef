import { z } from 'zod';

/** A uid and gid to become, without supplementary groups. */
export const ServiceIdentity = z.strictObject({ uid: z.number().int().positive(), gid: z.number().int().positive() });
export type ServiceIdentity = z.infer<typeof ServiceIdentity>;

/** From the parent: two listening sockets arrive with the first two messages, then the order to serve. */
export const ParentMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('registry-listener') }),
  z.strictObject({ kind: z.literal('debug-listener') }),
  /** A null identity: keep the current one. */
  z.strictObject({ kind: z.literal('serve'), identity: ServiceIdentity.nullable() }),
]);
export type ParentMessage = z.infer<typeof ParentMessage>;

/** From the child: it serves, with the requested identity. */
export const ChildMessage = z.strictObject({ kind: z.literal('serving') });
export type ChildMessage = z.infer<typeof ChildMessage>;

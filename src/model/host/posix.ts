import { z } from 'zod';

/** A uid or a gid. */
export const Id = z.number().int().min(0).max(0xffff_ffff);
export const UnixSeconds = z.number().int();

/** Four octal digits: setuid/setgid/sticky, owner, group, other. */
export const Mode = z
  .string()
  .regex(/^[0-7]{4}$/)
  .brand<'Mode'>();
export type Mode = z.infer<typeof Mode>;

/** One POSIX ACL entry, as `getfacl -n` prints it. `id` is null for the owning user or group, mask and other. */
export const AclEntry = z.strictObject({
  tag: z.enum(['user', 'group', 'mask', 'other']),
  id: Id.nullable(),
  permissions: z.string().regex(/^[r-][w-][x-]$/),
});
export type AclEntry = z.infer<typeof AclEntry>;

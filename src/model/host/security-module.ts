import { z } from 'zod';

/** A security module of the kernel; `other` for one whose labels are not interpreted here. */
export const SecurityModule = z.enum(['selinux', 'apparmor', 'other']);
export type SecurityModule = z.infer<typeof SecurityModule>;

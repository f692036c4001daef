import { z } from 'zod';

/**
 * A word of a command that is run on a host. Between double quotes, and those between single ones, it stands for itself in
 * every shell (sh, fish, csh): printable ASCII without quotes, backslash, "$", "`" and "!".
 */
export const CommandWord = z.string().regex(/^[^\P{ASCII}\p{Cc}'"\\$`!]{1,255}$/u);

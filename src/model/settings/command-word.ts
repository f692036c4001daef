import { z } from 'zod';

/**
 * A word of a command that runs on a host. Double quotes inside single quotes keep it literal in every shell (sh, fish,
 * csh): printable ASCII without quotes, backslash, "$", "`" and "!".
 */
export const CommandWord = z.string().regex(/^[^\P{ASCII}\p{Cc}'"\\$`!]{1,255}$/u);

import { z } from 'zod';

/**
 * One word of a command that is run on a host: printable ASCII except quotes, backslash, "$", "`" and "!". Any login
 * shell (sh, fish, csh) takes such a word literally when it is quoted.
 */
export const RemoteCommandWord = z.string().regex(/^[[\x20-\x7E]--['"\\$`!]]{1,255}$/v);

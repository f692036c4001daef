import { count } from './time.ts';

/** `audit migrate --from sqlite:PATH`. */

export const ONLY_TO_POSTGRES =
  'Records are copied from a file to a Postgres database only. Nothing was copied. Set store.url to postgres://…, and --from to sqlite:PATH.';

/** The end of the chain, the same in both records. */
export type CopiedChain = { readonly entries: number; readonly last: string | null; readonly root: string };

export function copied(from: string, to: string, { entries, last, root }: CopiedChain): string {
  const chain = last === null ? 'no entries' : `${count(entries, 'entry', 'entries')}, last ${last}, tree root ${root}`;
  return `Copied ${from} to ${to}: ${chain}. Both are intact, and each row is the same. Keep the file as evidence, and start the bot.`;
}

export function sourceInUse(from: string): string {
  return `A bot works on ${from}. Nothing was copied. Stop it, and run this again.`;
}

export function sourceBroken(from: string, problems: number): string {
  return `The record ${from} is NOT intact: ${count(problems, 'problem')}. Nothing was copied. Run \`registry-doctor audit verify\` with a config that names it.`;
}

export function targetNotEmpty(to: string): string {
  return `There is a record at ${to} already. Nothing was copied. Let store.url name an empty database.`;
}

export function rowsDiffer(to: string, table: string): string {
  return `The server at ${to} gave back other rows of ${table} than were written. Nothing was kept. Check that the encoding of the database is UTF8.`;
}

export function chainDiffers(to: string): string {
  return `The record at ${to} is NOT the same as the file. Don’t use it: drop that database, and find out who else wrote to it.`;
}

/** The most entries that one plan changes. A busy host takes a second for each thousand, and as long to undo them. */
export const MAX_ENTRIES_OF_A_PLAN = 20_000;

/** Adds the directories and the files. */
export function total({ directories, files }: { readonly directories: number; readonly files: number }): number {
  return directories + files;
}

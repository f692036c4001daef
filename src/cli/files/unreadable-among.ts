import { access, constants } from 'node:fs/promises';

/** Finds the first of these files that can't be read. Null: all can be read. */
export async function unreadableAmong(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    const isReadable = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isReadable) return file;
  }
  return null;
}

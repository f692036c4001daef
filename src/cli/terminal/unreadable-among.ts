import { access, constants } from 'node:fs/promises';

/** The first of these files that can't be read. Null: all can. */
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

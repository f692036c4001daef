import { readFileSync, writeFileSync } from 'node:fs';

const SYSCTL = '/proc/sys/fs/protected_symlinks';

export function linksAreProtected(): boolean {
  return readFileSync(SYSCTL, 'utf8').trim() === '1';
}

/**
 * Runs the work with fs.protected_symlinks on. It is one switch for the whole machine: never turned off, and restored.
 */
export async function withLinksProtected<T>(work: () => Promise<T>): Promise<T> {
  if (linksAreProtected()) return await work();
  const restore = () => writeFileSync(SYSCTL, '0');
  writeFileSync(SYSCTL, '1');
  process.once('exit', restore);
  try {
    return await work();
  } finally {
    process.removeListener('exit', restore);
    restore();
  }
}

/** Whether this machine has it on, or lets it be turned on. */
export function canProtectLinks(): boolean {
  try {
    if (!linksAreProtected()) writeFileSync(SYSCTL, '0');
    return true;
  } catch {
    return false;
  }
}

import { rm, rmdir } from 'node:fs/promises';
import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';

const STATE_DIRECTORY = '/var/lib/registry-doctor';

/**
 * Removes the state files that the practice host has written for the plans of this record. Run as root, it writes them
 * where a real host does.
 */
export async function forgetPlans(storeUrl: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { auditTrail, close } = await openSqliteAuditTrail(storeUrl);
  try {
    const hashes = new Set((await auditTrail.list({})).flatMap((entry) => entry.planHash ?? []));
    for (const hash of hashes) {
      await rm(`${STATE_DIRECTORY}/plans/${hash.replace('sha256:', '')}`, { recursive: true, force: true });
    }
  } finally {
    await close();
  }
  // rmdir(2) removes only empty directories: a real bot might use this host, too.
  for (const directory of [`${STATE_DIRECTORY}/plans`, STATE_DIRECTORY]) {
    await rmdir(directory).catch(() => {});
  }
}

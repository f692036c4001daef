import { rm, rmdir } from 'node:fs/promises';
import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';

const STATE_DIRECTORY = '/var/lib/registry-doctor';

/** When run as root, the practice host records its plans where a real host does. This removes those of this record. */
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
  // Only if they are empty otherwise: the bot might be in real use on this host.
  for (const directory of [`${STATE_DIRECTORY}/plans`, STATE_DIRECTORY]) {
    await rmdir(directory).catch(() => {});
  }
}

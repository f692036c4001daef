import { rm, rmdir } from 'node:fs/promises';
import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';

const STATE_DIRECTORY = '/var/lib/registry-doctor';

/** As root the practice host remembers its plans where a real host does; takes those of this record away again. */
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
  // Only where nothing else is in them: this may be a host on which the bot is used in earnest.
  for (const directory of [`${STATE_DIRECTORY}/plans`, STATE_DIRECTORY]) {
    await rmdir(directory).catch(() => {});
  }
}

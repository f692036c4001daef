import type { Config } from '../../config/config.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from './console.ts';
import { EXIT } from './exit-status.ts';
import { loadConfig, loadedStore } from './load-config.ts';

/**
 * Opens the record of a config for reading, and closes it after the work. Rejects with OperatorError if it can't be
 * read.
 */
export async function withAuditTrail(
  configFile: string,
  console: Console,
  work: (trail: AuditTrail, config: Config) => Promise<number>,
): Promise<number> {
  const config = await loadConfig(configFile, console);
  const store = config && loadedStore(configFile, config, console);
  if (config === null || store === null) return EXIT.usage;
  const { openRecordForReading } = await import('../../compose/record/record-for-reading.ts');
  const { auditTrail, close } = await openRecordForReading(store);
  return work(auditTrail, config).finally(close);
}

import type { QuietSettings } from '../../../src/model/settings/quiet-settings.ts';

/** The default: no maintenance, and what returns soon is reopened. */
export function quietWith(change: Partial<QuietSettings> = {}): QuietSettings {
  return { reopenMinutes: 30, maintenance: [], ...change };
}

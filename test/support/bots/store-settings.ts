import type { StoreSettings } from '../../../src/config/config.ts';

/** A record at this URL, and nothing around it. */
export function storeAt(url: string): StoreSettings {
  return {
    url,
    ...{ passwordFile: null, socket: null, checkpoints: null, syslog: null, witness: null, formerKeys: [] },
    detailsDays: null,
  };
}

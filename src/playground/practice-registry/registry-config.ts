import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** How often the storage is checked, and how many failures in a row make the registry unhealthy. */
export const HEALTH_INTERVAL_MS = 500;
export const HEALTH_THRESHOLD = 3;

/** The keys that the practice registry reads from its config file. The format is distribution's. */
const ConfigFile = z.object({
  storage: z.object({ filesystem: z.object({ rootdirectory: z.string().startsWith('/') }) }),
});

/** The text of a config file in distribution's format. Addresses are `host:port`. */
export function registryConfigText(setup: {
  readonly rootDirectory: string;
  readonly address: string;
  readonly debugAddress: string;
}): string {
  return stringify({
    version: 0.1,
    storage: { filesystem: { rootdirectory: setup.rootDirectory } },
    http: { addr: setup.address, debug: { addr: setup.debugAddress } },
    health: {
      storagedriver: { enabled: true, interval: `${HEALTH_INTERVAL_MS}ms`, threshold: HEALTH_THRESHOLD },
    },
  });
}

/** The storage root in the text of a registry config. Throws if the text is not in that format. */
export function rootDirectoryOf(configText: string): string {
  return ConfigFile.parse(parse(configText)).storage.filesystem.rootdirectory;
}

import type { StoreSettings } from '../../config/config.ts';
import type { Console } from './console.ts';

/**
 * Finds the record's settings, even in a config with an error in another place. Prints the problems and returns null if
 * it can't.
 */
export async function storeOf(
  configFile: string,
  console: Console,
): Promise<Pick<StoreSettings, 'url' | 'socket'> | null> {
  const { findStore } = await import('../../config/read-config.ts');
  const found = await findStore(configFile);
  if (found !== null) return found;
  const { loadConfig, loadedStore } = await import('./load-config.ts');
  const config = await loadConfig(configFile, console);
  return config && loadedStore(configFile, config, console);
}

import { bytesFromText } from '../model/host-path.ts';
import type { HostSettings } from '../model/settings.ts';
import { checkedNonce } from './nonce.ts';

/** What every script that looks for the registry is told of it. Empty: to be found on the host. */
export function registrySettingsValues(nonce: string, host: HostSettings): Record<string, string | Uint8Array> {
  return {
    nonce: checkedNonce(nonce),
    config_path: bytesFromText(host.registry.config),
    set_url: host.registry.url ?? '',
    set_debug_url: host.registry.debugUrl ?? '',
  };
}

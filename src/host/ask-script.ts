import type { HostSettings } from '../model/settings.ts';
import { composeScript } from './compose-script.ts';
import { FINDING_THE_REGISTRY } from './probe-script.ts';
import { registrySettingsValues } from './registry-settings-values.ts';

/** The script that asks the registry how it is, and no more: cheap enough to run every few seconds. For `parseAsk`. */
export function askScript(request: { readonly nonce: string; readonly host: HostSettings }): string {
  return composeScript({
    files: [...FINDING_THE_REGISTRY, 'ask.sh'],
    programs: { config_awk: 'registry-config.awk' },
    values: registrySettingsValues(request.nonce, request.host),
  });
}

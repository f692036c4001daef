import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { RegistryConfig } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { FieldValues } from '../../frame/field-values.ts';
import { pathFrom } from '../place/parse-nodes.ts';
import { parseOverrides } from './parse-overrides.ts';
import { parseRegistryConfig, rootOverride } from './parse-registry-config.ts';

/** The registry's setup, and its storage path from it. */
export type ConfigFacts = { readonly config: Fact<RegistryConfig>; readonly storageRoot: Fact<HostPath> };

export function parseConfig(fields: FieldValues): ConfigFacts {
  const path = pathFrom(fields.bytes('config-path'));
  const overrides = parseOverrides(fields.all('override'));
  const text = fields.fact('config', (value) => value);
  const config = text.state === 'known' ? parseRegistryConfig(path, text.value, overrides) : text;
  return { config, storageRoot: storageRootOf(config, rootOverride(overrides)) };
}

/** The environment of the live process outranks the file, and is enough if the file can't be read. */
function storageRootOf(config: Fact<RegistryConfig>, override: HostPath | null): Fact<HostPath> {
  if (config.state === 'known') {
    const { storageDriver, rootDirectory } = config.value;
    if (storageDriver !== 'filesystem') return absent;
    return rootDirectory === null ? unknown('root-not-absolute') : known(rootDirectory);
  }
  if (override !== null) return known(override);
  return unknown(config.state === 'absent' ? 'config-missing' : { code: 'config-unread', because: config.why });
}

import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { RegistryConfig } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { FieldValues } from '../../frame/field-values.ts';
import { pathFrom } from '../place/parse-nodes.ts';
import { parseOverrides } from './parse-overrides.ts';
import { parseRegistryYaml, rootOverride } from './parse-registry-yaml.ts';

/** The registry's configuration, and the storage root that it sets. */
export type ConfigFacts = { readonly config: Fact<RegistryConfig>; readonly storageRoot: Fact<HostPath> };

/** The registry's configuration and storage root, from the probe's output. */
export function parseConfigFacts(fields: FieldValues): ConfigFacts {
  const path = pathFrom(fields.bytes('config-path'));
  const overrides = parseOverrides(fields.all('override'));
  const text = fields.fact('config', (value) => value);
  const config = text.state === 'known' ? parseRegistryYaml(path, text.value, overrides) : text;
  return { config, storageRoot: storageRootOf(config, rootOverride(overrides)) };
}

/** The storage root. The running process's environment outranks the file, and is enough if the file can't be read. */
function storageRootOf(config: Fact<RegistryConfig>, override: HostPath | null): Fact<HostPath> {
  if (config.state === 'known') {
    const { storageDriver, rootDirectory } = config.value;
    if (storageDriver !== 'filesystem') return absent;
    return rootDirectory === null ? unknown('root-not-absolute') : known(rootDirectory);
  }
  if (override !== null) return known(override);
  return unknown(config.state === 'absent' ? 'config-missing' : { code: 'config-unread', because: config.why });
}

import { HostPath } from '../../src/model/host/host-path.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { HostSettings, RegistrySettings } from '../../src/model/settings/settings.ts';
import { policyWith } from '../support/bots/policy.ts';

/** No such account; so the live process alone tells who the registry is. */
export const NO_ACCOUNT = 'no-such-registry';

/** A host whose registry settings are these, and otherwise plain. */
export function hostSettings(registry: Partial<RegistrySettings>): HostSettings {
  return {
    name: HostName.parse('git01'),
    ssh: {
      address: '127.0.0.1',
      port: 22,
      user: 'doctor',
      identityFile: null,
      passphraseFile: null,
      jumps: [],
      sudo: true,
    },
    guard: null,
    enter: [],
    registry: {
      layout: 'distribution',
      config: HostPath.parse('/etc/docker/registry/config.yml'),
      url: null,
      debugUrl: null,
      serviceUser: NO_ACCOUNT,
      ...registry,
    },
    watch: null,
    alerts: null,
    policy: policyWith(),
  };
}

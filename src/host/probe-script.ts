import { bytesFromText, type HostPath } from '../model/host-path.ts';
import type { HostSettings } from '../model/settings.ts';
import { composeScript } from './compose-script.ts';
import { registrySettingsValues } from './registry-settings-values.ts';

/** What finds the registry on its host: its config, its process, and where it listens. */
export const FINDING_THE_REGISTRY = [
  'frame.sh',
  'section.sh',
  'unseen.sh',
  'identity.sh',
  'view.sh',
  'walk.sh',
  'registry-config.sh',
  'registry-process.sh',
  'http.sh',
];

/**
 * The script of one diagnosis: it looks, tries and asks, and changes nothing. Its output is for `parseProbe`.
 *
 * @param rootOverride walks to this storage root instead of the one that the script finds in the config file.
 */
export function probeScript(request: {
  readonly nonce: string;
  readonly host: HostSettings;
  readonly rootOverride: HostPath | null;
}): string {
  return composeScript({
    files: [
      ...FINDING_THE_REGISTRY,
      'service.sh',
      'look.sh',
      'examine.sh',
      'host-places.sh',
      'acl.sh',
      'attributes.sh',
      'user-namespace.sh',
      'try-as.sh',
      'try-way.sh',
      'tries.sh',
      'service-state.sh',
      'disk-and-mounts.sh',
      'security.sh',
      'tree-list.sh',
      'storage-contents.sh',
      'registry-logs.sh',
      'host-history.sh',
      'probe.sh',
    ],
    programs: {
      config_awk: 'registry-config.awk',
      mounts_awk: 'mounts.awk',
      escape_path_awk: 'escape-path.awk',
      host_places_awk: 'host-places.awk',
      try_child: 'try-child.sh',
      logs_awk: 'registry-logs.awk',
      history_awk: 'host-history.awk',
      contents_awk: 'storage-contents.awk',
      mounts_below_awk: 'mounts-below.awk',
      closed_awk: 'closed-directories.awk',
      fstab_awk: 'fstab.awk',
      device_names_awk: 'device-names.awk',
      units_awk: 'mount-units.awk',
      resets_awk: 'resets.awk',
    },
    values: {
      ...registrySettingsValues(request.nonce, request.host),
      service_user: request.host.registry.serviceUser,
      registry_layout: request.host.registry.layout,
      root_override: request.rootOverride === null ? '' : bytesFromText(request.rootOverride),
    },
  });
}

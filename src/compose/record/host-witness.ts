import type { SshFiles } from '../../config/config.ts';
import type { SshEnvironment } from '../../config/environment.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { Ssh2RemoteHost } from '../../ssh/run/remote-host.ts';
import { askHeldPlans, type HeldPlansAnswer } from '../../workflow/host/ask-held-plans.ts';
import { commandLog } from '../command-log.ts';

/** Asks a host for the plans that ran there, over one connection. */
export async function heldPlansOn(
  host: HostSettings,
  { knownHosts }: SshFiles,
  { ssh, process }: { readonly ssh: SshEnvironment; readonly process: NodeJS.Process },
): Promise<HeldPlansAnswer> {
  const remote = new Ssh2RemoteHost({ knownHostsFile: knownHosts, ...ssh, log: commandLog(process) });
  return askHeldPlans(remote, host).finally(() => remote.close());
}

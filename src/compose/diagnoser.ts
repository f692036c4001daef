import type { SshFiles } from '../config/config.ts';
import type { SshEnvironment } from '../config/environment.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import { diagnoseHost, type HostDiagnosis } from '../workflow/host/diagnose-host.ts';
import { commandLog } from './command-log.ts';
import { systemClock } from './system-clock.ts';

/** Diagnoses hosts without Slack and without a record, for the command line. */
export type Diagnoser = {
  diagnose(host: HostSettings): Promise<HostDiagnosis>;
  close(): Promise<void>;
};

/** Connects to nothing yet. */
export function createDiagnoser({ knownHosts }: SshFiles, ssh: SshEnvironment, process: NodeJS.Process): Diagnoser {
  const remote = new Ssh2RemoteHost({ knownHostsFile: knownHosts, ...ssh, log: commandLog(process) });
  return {
    diagnose: (host) => diagnoseHost({ remote, clock: systemClock }, host),
    close: () => remote.close(),
  };
}

import { writeFileSync } from 'node:fs';
import { systemClock } from '../../src/compose/system-clock.ts';
import { parseProbe } from '../../src/host/probe/parse-probe.ts';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { probeRequest } from '../../src/host/request/guard-request.ts';
import { createLog } from '../../src/log.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { Ssh2RemoteHost } from '../../src/ssh/run/remote-host.ts';
import { diagnoseHost } from '../../src/workflow/host/diagnose-host.ts';
import type { RemoteHost } from '../../src/workflow/ports/host.ts';
import { type RegistryHost, startRegistryHost } from '../../test/support/hosts/registry-host.ts';
import { type Sshd, startSshd } from '../../test/support/hosts/sshd.ts';

const NONCE = '0'.repeat(32);

/**
 * The real scenario: sshd on every loopback address, and a real registry that two closed directories have made
 * unhealthy.
 */
export type Scene = {
  readonly sshd: Sshd;
  readonly registry: RegistryHost;
  /** The product's own script, for the others to run. */
  readonly script: string;
  readonly scriptFile: string;
  /** This machine under another of its addresses is another host. */
  readonly host: (address: string) => HostSettings;
  readonly end: () => Promise<void>;
};

export async function startScene(): Promise<Scene> {
  const registry = await startRegistryHost();
  const sshd = await startSshd({ everyLoopbackAddress: true });
  await registry.waitUntilUnwell();
  const host = (address: string) =>
    sshd.hostSettings(address, { registry: registry.registrySettings(), ssh: { address, sudo: true } });
  const script = guardOverStdin(probeRequest({ nonce: NONCE, host: host('127.0.0.1'), rootOverride: null }));
  const scriptFile = `${sshd.directory}/probe.sh`;
  writeFileSync(scriptFile, `#!/bin/sh\n${script}`);
  return {
    sshd,
    registry,
    script,
    scriptFile,
    host,
    end: async () => {
      await sshd.stop();
      await registry.stop();
    },
  };
}

/** The product's own connection to its hosts, with nothing connected yet. */
export function newRemote({ sshd }: Scene): Ssh2RemoteHost {
  const { knownHostsFile } = sshd;
  return new Ssh2RemoteHost({ knownHostsFile, agentSocket: null, keyPassphrase: null, log: createLog('silent') });
}

/**
 * One diagnosis as the bot makes it, from the settings to the verdict and the plan. Throws if it found anything else.
 */
export async function diagnose(remote: RemoteHost, host: HostSettings): Promise<void> {
  const { diagnosis } = await diagnoseHost({ remote, clock: systemClock }, host);
  if (diagnosis.verdict === 'faulty' && diagnosis.plan?.steps.length === 2) return;
  throw new Error(`${host.name}: ${diagnosis.verdict} instead of faulty: ${JSON.stringify(diagnosis.findings)}`);
}

/**
 * Throws unless the output of another tool's run of {@link Scene.script} is complete: doing less does not count as
 * fast.
 */
export function checkProbeOutput(scene: Scene, output: Uint8Array): void {
  const { kind } = parseProbe(output, { nonce: NONCE, host: scene.host('127.0.0.1').name });
  if (kind !== 'facts') throw new Error(`the script's output came back ${kind}`);
}

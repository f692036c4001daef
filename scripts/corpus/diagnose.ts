import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '../../src/compose/system-clock.ts';
import { resolvePolicy } from '../../src/config/resolve-policy.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import type { Facts } from '../../src/model/host/facts.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { diagnoseHost } from '../../src/workflow/host/diagnose-host.ts';
import type { RemoteHost, RemoteOutcome } from '../../src/workflow/ports/host.ts';
import { type Sshd, startSshd } from '../../test/support/hosts/sshd.ts';
import type { RunningRegistry } from './ground/running-registry.ts';
import type { Scene } from './scenario.ts';
import { silentRemote } from './trial.ts';

/** Every shell that `/bin/sh` can be on a host. The scenarios take turns. */
export const SHELLS: readonly (readonly string[])[] = [
  ['dash', '-s'],
  ['bash', '--posix', '-s'],
  ['busybox', 'sh', '-s'],
];

export type Diagnosed = {
  readonly diagnosis: Diagnosis;
  readonly facts: Facts | null;
  readonly raw: Uint8Array | null;
  /** The script's standard error, which should be empty. */
  readonly complaints: string;
};

/** The host of a scenario, as the bot's config would have it. */
export function hostOf(registry: RunningRegistry, scene: Scene): HostSettings {
  return {
    name: HostName.parse('git01'),
    ssh: {
      address: '127.0.0.1',
      port: 22,
      user: 'root',
      identityFile: null,
      passphraseFile: null,
      jumps: [],
      sudo: false,
    },
    guard: null,
    enter: [],
    registry: {
      layout: scene.registry?.layout ?? 'distribution',
      config: registry.configFile,
      // With TLS, the settings have to name the address, because the name in its certificate can't be guessed.
      url: scene.registry?.client?.tls === undefined ? null : `https://${registry.address}`,
      debugUrl: scene.registry?.client?.tls === undefined ? null : `http://${registry.debugAddress}`,
      serviceUser: scene.registry?.serviceUser ?? 'registry',
    },
    watch: null,
    alerts: null,
    policy: resolvePolicy([]),
  };
}

/** The product's own diagnosis, its script run by this shell on this machine. */
export async function diagnoseByShell(shell: readonly string[], host: HostSettings, scene: Scene): Promise<Diagnosed> {
  const complaints: string[] = [];
  const diagnosed = await diagnose(localHost(shell, complaints), host, scene);
  return { ...diagnosed, complaints: complaints.join('') };
}

/** The product's own diagnosis as the bot makes it: over SSH. */
export async function diagnoseBySsh(sshd: Sshd, host: HostSettings, scene: Scene): Promise<Diagnosed> {
  const remote = silentRemote(sshd.knownHostsFile);
  try {
    return await diagnose(remote, { ...host, ssh: sshd.hostSettings(host.name).ssh }, scene);
  } finally {
    await remote.close();
  }
}

export { type Sshd, startSshd };

async function diagnose(remote: RemoteHost, host: HostSettings, scene: Scene): Promise<Diagnosed> {
  const behindMs = (scene.clockAheadSeconds ?? 0) * 1000;
  const clock = { ...systemClock, now: () => new Date(Date.now() - behindMs) };
  const { diagnosis, facts, rawProbe } = await diagnoseHost({ remote, clock }, host);
  return { diagnosis, facts, raw: rawProbe, complaints: '' };
}

/** A host that is this machine: the script goes to the shell's standard input, as sshd passes it on. */
export function localHost(shell: readonly string[], complaints: string[] = []): RemoteHost {
  return {
    run: async (_host, script, { timeoutMs }) => {
      const outcome = await runHere(shell, script, timeoutMs);
      if ('output' in outcome) complaints.push(new TextDecoder().decode(outcome.output.stderr));
      return outcome;
    },
  };
}

async function runHere(
  [program = '', ...words]: readonly string[],
  script: string,
  timeoutMs: number,
): Promise<RemoteOutcome> {
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent' },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  // A shell that ends without having read everything is judged by its output.
  child.stdin.on('error', () => {}).end(script);
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  clearTimeout(timer);
  const output = { stdout, stderr, truncated: false };
  if (child.signalCode !== null) return { kind: 'timed-out', timeoutMs, output };
  return { kind: 'exited', exitCode: child.exitCode ?? 0, output };
}

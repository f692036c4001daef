import assert from 'node:assert/strict';
import { type ParsedProbe, parseProbe } from '../../src/host/probe/parse-probe.ts';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { probeRequest } from '../../src/host/request/guard-request.ts';
import type { Facts } from '../../src/model/host/facts.ts';
import type { HostPath } from '../../src/model/host/host-path.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { hostSettings } from './sample-settings.ts';
import { hostPath, type ScratchTree } from './scratch-tree.ts';
import { type RunAs, runScript, type Shell } from './shells.ts';

const NONCE = 'probenonce';

export type ProbeOptions = {
  readonly rootOverride?: HostPath;
  readonly as?: RunAs;
  readonly env?: Record<string, string>;
  /** Replaces the PATH that the script gives itself, as on a host that has other programs. */
  readonly path?: string;
};

/** Runs the probe here, as on a host. */
export function probe(shell: Shell, host: HostSettings, options: ProbeOptions = {}): ParsedProbe {
  return parseProbe(probeOutput(shell, host, options), { nonce: NONCE, host: host.name });
}

export function probeOutput(shell: Shell, host: HostSettings, options: ProbeOptions = {}): Buffer {
  const script = guardOverStdin(probeRequest({ nonce: NONCE, host, rootOverride: options.rootOverride ?? null }));
  const onThatHost = options.path ? script.replace(/^PATH=.*$/m, `PATH=${options.path}`) : script;
  const { stdout, stderr, status } = runScript(shell, onThatHost, options);
  assert.deepEqual({ stderr: stderr.toString(), status }, { stderr: '', status: 0 });
  return stdout;
}

export function parseOutput(raw: Uint8Array): ParsedProbe {
  return parseProbe(raw, { nonce: NONCE, host: hostSettings({}).name });
}

export function factsOf(parsed: ParsedProbe): Facts {
  assert.equal(parsed.kind, 'facts', JSON.stringify(parsed).slice(0, 500));
  return parsed.kind === 'facts' ? parsed.facts : assert.fail();
}

/** Writes a config whose storage is in `root`, and gives the settings of a host that has it. */
export function configuredHost(tree: ScratchTree, root: string, more = ''): HostSettings {
  const file = tree.config(`storage:\n  filesystem:\n    rootdirectory: ${JSON.stringify(root)}\n${more}`);
  return hostSettings({ config: hostPath(file) });
}

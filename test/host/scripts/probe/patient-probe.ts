import assert from 'node:assert/strict';
import { parseProbe } from '../../../../src/host/probe/parse-probe.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { probeRequest } from '../../../../src/host/request/guard-request.ts';
import type { Facts } from '../../../../src/model/host/facts.ts';
import type { HostSettings } from '../../../../src/model/settings/settings.ts';
import { factsOf } from '../../probe-run.ts';
import { runScript, type Shell } from '../../shells.ts';

const NONCE = 'probenonce';

/** Runs the probe here with ten times as long for what tags point to: for what is tested on a slow machine, and is no bound of time. */
export function patientProbe(shell: Shell, host: HostSettings, path?: string): Facts {
  const script = guardOverStdin(probeRequest({ nonce: NONCE, host, rootOverride: null }));
  const patient = script.replace(/^links_(?:follow_)?seconds=\d+$/gm, (line) => `${line}0`);
  const { stdout, stderr, status } = runScript(shell, path ? patient.replace(/^PATH=.*$/m, `PATH=${path}`) : patient);
  assert.deepEqual({ stderr: stderr.toString(), status }, { stderr: '', status: 0 });
  return factsOf(parseProbe(stdout, { nonce: NONCE, host: host.name }));
}

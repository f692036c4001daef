import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import {
  applyRequest,
  askRequest,
  type GuardRequest,
  outcomeRequest,
  probeRequest,
  versionRequest,
} from '../../../../src/host/request/guard-request.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostSettings } from '../../sample-settings.ts';

const host = hostSettings({ config: HostPath.parse("/etc/it's a registry/config.yml") });
const nonce = 'composed1';
const signed = { plan: samplePlan(), signature: null, approvals: [] };

/** Each request that a guard is ever sent. */
export const REQUESTS: Readonly<Record<string, GuardRequest>> = {
  version: versionRequest(nonce),
  probe: probeRequest({ nonce, host, rootOverride: HostPath.parse('/srv/\n\\xff') }),
  ask: askRequest({ nonce, host }),
  apply: applyRequest(nonce, signed),
  outcome: outcomeRequest(nonce, signed),
};

/** Each of them with the guard itself, as it goes to a shell. */
export const SCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REQUESTS).map(([name, request]) => [name, guardOverStdin(request)]),
);

import { applyScript, outcomeScript } from '../../src/host/apply-script.ts';
import { askScript } from '../../src/host/ask-script.ts';
import { probeScript } from '../../src/host/probe-script.ts';
import { HostPath } from '../../src/model/host-path.ts';
import { samplePlan } from './sample-plan.ts';
import { hostSettings } from './sample-settings.ts';

const host = hostSettings({ config: HostPath.parse("/etc/it's a registry/config.yml") });
const nonce = 'composed1';

/** Each script that is ever sent to a host. */
export const SCRIPTS = {
  probe: probeScript({ nonce, host, rootOverride: HostPath.parse('/srv/\n\\xff') }),
  ask: askScript({ nonce, host }),
  apply: applyScript({ nonce, plan: samplePlan() }),
  outcome: outcomeScript({ nonce, plan: samplePlan() }),
} as const;

import type { Serving } from '../../src/compose/bot.ts';
import type { ServeConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { ChannelId, Sha256 } from '../../src/model/record/ids.ts';
import { policyWith } from '../support/bots/policy.ts';
import { quietWith } from '../support/bots/quiet.ts';
import { storeAt } from '../support/bots/store-settings.ts';

/** What a bot without hosts is started with, on this record; Slack's requests reach it on a free port. */
export function servingOn(storeUrl: string, apiUrl: string, http: ServeConfig['http'] = null): Serving {
  const incidentChannel = ChannelId.parse('C0INCIDENTS');
  return {
    configFile: '/nowhere/config.yml',
    config: {
      digest: Sha256.parse(`sha256:${'0'.repeat(64)}`),
      slack: { mode: 'http', port: 0, incidentChannel },
      store: storeAt(storeUrl),
      http,
      ssh: { knownHosts: '/nowhere/known_hosts' },
      signing: null,
      alerts: null,
      language: 'en',
      settings: { hosts: new Map(), defaultPolicy: policyWith(), incidentChannel, fleetLook: null, quiet: quietWith() },
    },
    secrets: { mode: 'http', botToken: 'xoxb-stand-in-bot-token', signingSecret: 'stand-in-signing-secret', apiUrl },
    collector: null,
    alertTokens: new Map(),
    ssh: { agentSocket: null, keyPassphrase: null },
    log: createLog('silent'),
  };
}

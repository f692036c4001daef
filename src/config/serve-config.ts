import type { ConfigProblem } from '../model/settings/config-problem.ts';
import type { Config, ServeConfig, StoreSettings } from './config.ts';
import type { Checked } from './environment.ts';

/** The parts that only the bot needs, or which of them are missing. */
export function serveConfig(config: Config): Checked<ServeConfig> {
  const { digest, slack, store, http, ssh, signing, alerts, language, hosts, defaultPolicy, fleetLook, quiet } = config;
  if (slack === null || store === null) {
    return { kind: 'problems', problems: [...missing('slack', slack), ...missing('store', store)] };
  }
  const settings = { hosts, defaultPolicy, incidentChannel: slack.incidentChannel, fleetLook, quiet };
  return { kind: 'ok', value: { digest, slack, store, http, ssh, signing, alerts, language, settings } };
}

/** The record's location, or a problem if the file does not name it. */
export function storeConfig({ store }: Config): Checked<StoreSettings> {
  return store === null ? { kind: 'problems', problems: missing('store', store) } : { kind: 'ok', value: store };
}

function missing(key: string, section: unknown): readonly ConfigProblem[] {
  return section === null ? [{ kind: 'missing-key', key, line: 1, allowed: { kind: 'section' } }] : [];
}

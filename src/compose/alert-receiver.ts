import type { AlertTokens } from '../config/alert-tokens.ts';
import type { ServeConfig } from '../config/config.ts';
import { type AlertServer, startAlertServer } from '../http/alerts/alert-server.ts';
import { OperatorError } from '../model/operator-error.ts';
import type { AlertSettings } from '../model/settings/alert-settings.ts';
import { systemProblem } from '../model/system-problem.ts';
import type { AlertIntake } from '../workflow/ports/alerts.ts';
import type { Log, Metrics } from '../workflow/ports/bot.ts';

/** Receives alerts from `start` to `stop`. Without `alerts` in the config both do nothing. */
export type AlertReceiver = { start(): Promise<void>; stop(): Promise<void> };

type Receiving = { readonly config: ServeConfig; readonly alertTokens: AlertTokens; readonly log: Log };

/** Starts nothing yet. */
export function receiveAlerts(
  { config, alertTokens, log }: Receiving,
  bot: AlertIntake,
  metrics: Metrics,
): AlertReceiver {
  let server: AlertServer | null = null;
  return {
    start: async () => {
      const settings = config.alerts;
      if (settings === null) return;
      const { host, port } = settings;
      const intake = measuredIntake(bot, settings, metrics);
      server = await startAlertServer({ settings, tokens: alertTokens, intake, log }).catch((error: unknown) => {
        throw new OperatorError({ code: 'alert-port', host, port, error: systemProblem(error) }, { cause: error });
      });
      log.info({ host, port: server.port, sources: settings.sources.length }, 'receiving alerts');
    },
    stop: async () => server?.close(),
  };
}

/** Counts the alerts that are on record, by their source. */
function measuredIntake(intake: AlertIntake, { sources }: AlertSettings, metrics: Metrics): AlertIntake {
  const kinds = new Map(sources.map(({ name, kind }) => [name, kind]));
  return {
    takeAlerts: async (delivery) => {
      await intake.takeAlerts(delivery);
      for (const { source } of delivery.alerts) {
        const kind = kinds.get(source);
        if (kind !== undefined) metrics.count('alert', { source, kind });
      }
    },
  };
}

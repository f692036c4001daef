import type { AlertTokens } from '../config/alert-tokens.ts';
import type { ServeConfig } from '../config/config.ts';
import { type AlertServer, startAlertServer } from '../http/alerts/alert-server.ts';
import { OperatorError } from '../model/operator-error.ts';
import { systemProblem } from '../model/system-problem.ts';
import type { AlertIntake, Log } from '../workflow/ports.ts';

/** Receives alerts from when it is started until it is stopped; neither does anything without `alerts` in the config. */
export type AlertReceiver = { start(): Promise<void>; stop(): Promise<void> };

type Receiving = { readonly config: ServeConfig; readonly alertTokens: AlertTokens; readonly log: Log };

/** Starts nothing yet. */
export function receiveAlerts({ config, alertTokens, log }: Receiving, intake: AlertIntake): AlertReceiver {
  let server: AlertServer | null = null;
  return {
    start: async () => {
      const settings = config.alerts;
      if (settings === null) return;
      const { host, port } = settings;
      server = await startAlertServer({ settings, tokens: alertTokens, intake, log }).catch((error: unknown) => {
        throw new OperatorError({ code: 'alert-port', host, port, error: systemProblem(error) }, { cause: error });
      });
      log.info({ host, port: server.port, sources: settings.sources.length }, 'receiving alerts');
    },
    stop: async () => server?.close(),
  };
}

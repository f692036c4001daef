import type { Silence } from '../../model/quiet/silence.ts';
import type { AlertDelivery } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';

/** Alerts, and the silences of those who send them. */

/** Reads the silences of an Alertmanager that are active. */
export interface SilenceReader {
  /** Null: it gave no answer that can be read. */
  activeSilences(source: AlertSourceSettings): Promise<readonly Silence[] | null>;
}

/** Takes what a source of alerts has sent. It is durable when the promise resolves. */
export interface AlertIntake {
  takeAlerts(delivery: AlertDelivery): Promise<void>;
}

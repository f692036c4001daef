import type { AlertSourceName } from '../record/alert.ts';

/** The form in which a source sends its alerts. */
export const ALERT_KINDS = ['alertmanager', 'grafana', 'gitlab', 'standard-webhooks'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** A source of alerts. */
export type AlertSourceSettings = {
  readonly name: AlertSourceName;
  readonly kind: AlertKind;
  /** The file with its token or secret, an absolute path. Null: the environment has it. */
  readonly tokenFile: string | null;
  /** The label that names the host of an alert. */
  readonly hostLabel: string;
  /** The Alertmanager whose silences mute hosts. Null: none is asked. */
  readonly silencesUrl: string | null;
};

/** Where alerts are received. */
export type AlertSettings = {
  readonly host: string;
  readonly port: number;
  readonly sources: readonly AlertSourceSettings[];
};

/** The alerts that are about a host: every label here has this value, in which `*` stands for anything. */
export type AlertMatch = Readonly<Record<string, string>>;

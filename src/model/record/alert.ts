import { z } from 'zod';

/** A source of alerts as the config file spells it. It is a part of the source's address. */
export const AlertSourceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/)
  .brand<'AlertSourceName'>();
export type AlertSourceName = z.infer<typeof AlertSourceName>;

/** What no alert goes beyond, whatever its sender writes. */
export const ALERT_LIMITS = { fingerprint: 256, summary: 300, link: 1_000, labels: 64, labelName: 128, label: 512 };

/** What a message tells of an alert. All of it is the sender's own words. */
const ToldAlertShape = {
  source: AlertSourceName,
  summary: z.string().max(ALERT_LIMITS.summary),
  /** An http(s) address. Null: the sender gave none. */
  link: z.string().max(ALERT_LIMITS.link).nullable(),
};
export const ToldAlert = z.strictObject(ToldAlertShape);
export type ToldAlert = z.infer<typeof ToldAlert>;

/** One alert as its source sent it, within {@link ALERT_LIMITS}. */
export const Alert = z.strictObject({
  ...ToldAlertShape,
  /** What the alert is about: the same for a firing alert, its repeats and its end. */
  fingerprint: z.string().min(1).max(ALERT_LIMITS.fingerprint),
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  /** Since when it fires. Null: the sender does not say. */
  startsAt: z.iso.datetime().nullable(),
  /** The value of the label that names the host, by the rule of the source. Null: it has no such label. */
  hostLabel: z.string().max(ALERT_LIMITS.label).nullable(),
});
export type Alert = z.infer<typeof Alert>;

/** One request of a source. */
export type AlertDelivery = {
  readonly alerts: readonly Alert[];
  /** Alerts of the same group that the sender left out. Null: none. */
  readonly leftOut: { readonly group: string; readonly count: number } | null;
};

/** An alert with its place in the record. */
export const ReceivedAlert = z.strictObject({ id: z.number().int(), receivedAt: z.iso.datetime(), alert: Alert });
export type ReceivedAlert = Readonly<z.infer<typeof ReceivedAlert>>;

/** Only what people are told of it. */
export function toldAlert({ source, summary, link }: Alert): ToldAlert {
  return { source, summary, link };
}

import { z } from 'zod';
import { canonicalHash } from '../../hash/canonical-hash.ts';
import type { AlertDelivery } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import { alertOf } from './alert-of.ts';

const Labels = z.record(z.string(), z.unknown()).catch({});
const text = z.string().optional().catch(undefined);

const GroupAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Labels,
  annotations: Labels,
  startsAt: text,
  generatorURL: text,
  fingerprint: text,
});

/** What Alertmanager and Grafana both send: an array of alerts, and how many of the group were left out of it. */
const Group = z.object({
  alerts: z.array(GroupAlert).min(1).max(2_000),
  groupKey: text,
  truncatedAlerts: z.number().int().min(0).default(0),
});

const AlertmanagerGroup = Group.extend({ version: z.literal('4') });

/**
 * Parses the webhook of Prometheus Alertmanager, version 4
 * (prometheus.io/docs/alerting/latest/configuration/#webhook_config). Null: the body is something else.
 */
export function parseAlertmanager(body: unknown, source: AlertSourceSettings): AlertDelivery | null {
  const parsed = AlertmanagerGroup.safeParse(body);
  return parsed.success ? deliveryOf(parsed.data, source) : null;
}

/**
 * Parses Grafana's webhook: Alertmanager's keys and further ones (grafana.com/docs, "webhook notifier"). Null: the body
 * is something else.
 */
export function parseGrafana(body: unknown, source: AlertSourceSettings): AlertDelivery | null {
  const parsed = Group.safeParse(body);
  return parsed.success ? deliveryOf(parsed.data, source) : null;
}

function deliveryOf({ alerts, groupKey, truncatedAlerts }: z.output<typeof Group>, source: AlertSourceSettings) {
  const group = canonicalHash((groupKey ?? '').toWellFormed());
  return {
    alerts: alerts.map((alert) => alertOfGroup(alert, source)),
    leftOut: truncatedAlerts === 0 ? null : { group, count: truncatedAlerts },
  };
}

function alertOfGroup(alert: z.output<typeof GroupAlert>, source: AlertSourceSettings) {
  const { status, labels, annotations, startsAt, generatorURL: link, fingerprint } = alert;
  const said = ['summary', 'description', 'message'].map((name) => textIn(annotations, name));
  return alertOf(
    { status, labels, startsAt, link, fingerprint, texts: [...said, textIn(labels, 'alertname')] },
    source,
  );
}

function textIn(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

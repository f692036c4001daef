import { AlertSourceName } from '../../../src/model/record/alert.ts';
import type { AlertKind, AlertSourceSettings } from '../../../src/model/settings/alert-settings.ts';

export const STARTED = '2026-11-29T14:01:00.000Z';

export function sourceOf(kind: AlertKind, name: string = kind): AlertSourceSettings {
  const hostLabel = kind === 'alertmanager' || kind === 'grafana' ? 'instance' : 'host';
  return { name: AlertSourceName.parse(name), kind, tokenFile: null, hostLabel, silencesUrl: null };
}

/** One alert as Alertmanager sends it. */
export function amAlert(change: Record<string, unknown> = {}) {
  return {
    status: 'firing',
    labels: { alertname: 'RegistryDown', instance: '10.0.0.5:5000', severity: 'critical' },
    annotations: { summary: 'The registry of git01 answers 503' },
    startsAt: '2026-11-29T15:01:00.123456789+01:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
    fingerprint: 'a1b2c3d4e5f60718',
    ...change,
  };
}

/** A group as Alertmanager's webhook sends it, version 4. */
export function amGroup(alerts: readonly unknown[] = [amAlert()], change: Record<string, unknown> = {}) {
  return {
    version: '4',
    groupKey: '{}:{alertname="RegistryDown"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'registry-doctor',
    groupLabels: { alertname: 'RegistryDown' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts,
    ...change,
  };
}

/** What Grafana adds to it. */
export function grafanaGroup() {
  const alert = {
    ...amAlert(),
    silenceURL: 'http://grafana/silence',
    dashboardURL: '',
    panelURL: '',
    values: { B: 1 },
  };
  return { ...amGroup([alert]), version: '1', orgId: 1, title: '[FIRING:1]', state: 'alerting', message: '**Firing**' };
}

export function gitlabAlert(change: Record<string, unknown> = {}) {
  return {
    title: 'Registry answers 503',
    description: 'See the runbook',
    start_time: '2026-11-29T14:01:00Z',
    service: 'registry',
    monitoring_tool: 'Icinga',
    hosts: ['git01', 'git02'],
    severity: 'critical',
    fingerprint: 'icinga-7',
    gitlab_environment_name: 'production',
    ...change,
  };
}

export function signedAlert(change: Record<string, unknown> = {}) {
  const data = { status: 'firing', summary: 'Pushes fail', labels: { host: 'git01' }, ...change };
  return { type: 'alert', timestamp: '2026-11-29T14:01:00Z', data };
}

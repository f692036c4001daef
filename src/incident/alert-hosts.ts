import type { Alert } from '../model/record/alert.ts';
import type { HostName } from '../model/record/ids.ts';
import type { AlertMatch } from '../model/settings/alert-settings.ts';
import type { HostSettings } from '../model/settings/settings.ts';

/**
 * The hosts that an alert is about. A host with `alerts.match` gets the alerts that have all of these labels; another
 * one those whose host label is its name or its address, with or without a port.
 */
export function hostsOfAlert(alert: Alert, hosts: Iterable<HostSettings>): readonly HostName[] {
  return [...hosts].filter((host) => isAbout(alert, host)).map(({ name }) => name);
}

function isAbout(alert: Alert, { name, ssh, alerts }: HostSettings): boolean {
  if (alerts !== null) return hasAll(alert.labels, alerts.match);
  if (alert.hostLabel === null) return false;
  const given = alert.hostLabel.toLowerCase();
  return [name, ssh.address].some((own) => isSameHost(given, own.toLowerCase()));
}

function hasAll(labels: Alert['labels'], match: AlertMatch): boolean {
  return Object.entries(match).every(
    ([label, pattern]) => Object.hasOwn(labels, label) && fitsGlob(labels[label] ?? '', pattern),
  );
}

/** `10.0.0.5`, `10.0.0.5:9100`; an IPv6 address with a port is in brackets. */
export function isSameHost(given: string, own: string): boolean {
  return given === own || withoutPort(given) === own;
}

function withoutPort(text: string): string {
  return text.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** Whether the whole text fits the pattern, in which `*` stands for any characters. In linear steps, whatever it holds. */
export function fitsGlob(text: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const between = text.slice(first.length, text.length - last.length);
  let from = 0;
  for (const part of others) {
    const at = between.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

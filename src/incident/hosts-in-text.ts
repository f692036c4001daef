import type { HostName } from '../model/record/ids.ts';
import type { AlertMatch } from '../model/settings/alert-settings.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { fitsGlob, isSameHost } from './alert-hosts.ts';

/** A label as alerts write it: `instance: git01`, `instance = "git01:9100"`. Each part is bounded, so it reads in linear time. */
const LABEL = /(?<![\w.-])([A-Za-z_][\w.-]{0,100}) {0,3}[:=] {0,3}["“]?([^\s,;"”]{1,200})/g;
const WORD = /[A-Za-z0-9[][\w.:\]-]{0,300}/g;
/** What ends a sentence, or closes what is emphasised. */
const TRAILING = /[.:_-]+$/;

/** The hosts that a text names: by their name, their address, with or without a port, or all labels of their alerts. */
export function hostsInText(text: string, hosts: Iterable<HostSettings>): readonly HostName[] {
  const plain = text.replace(/[*`~]/g, ' ');
  const words = new Set([...plain.matchAll(WORD)].map(([word]) => word.replace(TRAILING, '').toLowerCase()));
  const labels = [...plain.matchAll(LABEL)].map(([, label = '', value = '']) => ({ label, value }));
  return [...hosts].filter((host) => isNamed(host, words) || hasLabels(host, labels)).map(({ name }) => name);
}

function isNamed({ name, ssh }: HostSettings, words: ReadonlySet<string>): boolean {
  const own = [name, ssh.address].map((one) => one.toLowerCase());
  return [...words].some((word) => own.some((one) => isSameHost(word, one)));
}

type Labels = readonly { readonly label: string; readonly value: string }[];

function hasLabels({ alerts }: HostSettings, labels: Labels): boolean {
  return alerts !== null && Object.entries(alerts.match).every((entry) => hasLabel(labels, ...entry));
}

function hasLabel(labels: Labels, wanted: string, pattern: AlertMatch[string]): boolean {
  return labels.some(({ label, value }) => label === wanted && fitsGlob(value, pattern));
}

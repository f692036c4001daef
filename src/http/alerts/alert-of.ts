import { canonicalHash } from '../../hash/canonical-hash.ts';
import { ALERT_LIMITS, type Alert } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';

/** An alert as its parser found it: of any length, and with parts missing. */
export type FoundAlert = {
  readonly status: Alert['status'];
  readonly fingerprint?: string | undefined;
  /** What the sender says about it, the best text first. */
  readonly texts: readonly (string | undefined)[];
  readonly labels: Readonly<Record<string, unknown>>;
  readonly startsAt?: string | undefined;
  readonly link?: string | undefined;
};

/** The alert within {@link ALERT_LIMITS}, on one line where it is text. */
export function alertOf(found: FoundAlert, source: AlertSourceSettings): Alert {
  const labels = boundedLabels(found.labels);
  const [summary = 'no text'] = found.texts.map((text = '') => oneLine(text, ALERT_LIMITS.summary)).filter(Boolean);
  return {
    source: source.name,
    fingerprint: fingerprintOf(found.fingerprint, labels, summary),
    status: found.status,
    summary,
    link: httpLink(found.link),
    labels,
    startsAt: moment(found.startsAt),
    hostLabel: Object.hasOwn(labels, source.hostLabel) ? (labels[source.hostLabel] ?? null) : null,
  };
}

/** The sender's own, or a hash of what the alert is about. */
function fingerprintOf(given: string | undefined, labels: Alert['labels'], summary: string): string {
  const name = oneLine(given ?? '', ALERT_LIMITS.fingerprint + 1);
  if (name === '') return canonicalHash({ labels, summary });
  return name.length > ALERT_LIMITS.fingerprint ? canonicalHash(name) : name;
}

/** Only labels whose value is a text, a number, or true or false. */
function boundedLabels(labels: Readonly<Record<string, unknown>>): Alert['labels'] {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels).slice(0, ALERT_LIMITS.labels)) {
    if (!isLabelName(name)) continue;
    if (['string', 'number', 'boolean'].includes(typeof value)) kept[name] = oneLine(String(value), ALERT_LIMITS.label);
  }
  return kept;
}

/** Half a character (a lone surrogate) has no canonical JSON. zod has dropped `__proto__`. */
function isLabelName(name: string): boolean {
  return name !== '' && name.length <= ALERT_LIMITS.labelName && name.isWellFormed();
}

function oneLine(text: string, max: number): string {
  const bounded = text.slice(0, max * 4).toWellFormed();
  return bounded
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, max)
    .toWellFormed();
}

/** Null for anything but an address that a browser opens, without a password in it. */
function httpLink(text: string | undefined): string | null {
  const url = text === undefined || text.length > ALERT_LIMITS.link ? null : URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.password !== '') return null;
  return url.href.length > ALERT_LIMITS.link ? null : url.href;
}

/** In UTC. Go writes the year 1 for no time at all. */
function moment(text: string | undefined): string | null {
  const at = text === undefined ? Number.NaN : Date.parse(text.slice(0, 64));
  if (Number.isNaN(at) || at <= 0 || at > LAST_YEAR) return null;
  return new Date(at).toISOString();
}

/** ISO 8601 has four digits for a year. */
const LAST_YEAR = Date.UTC(9999, 11, 31);

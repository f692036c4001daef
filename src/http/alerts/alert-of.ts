import { canonicalHash } from '../../hash/canonical-hash.ts';
import { ALERT_LIMITS, type Alert } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';

/** An alert as its parser found it, before its texts are shortened. Parts can be missing. */
export type FoundAlert = {
  readonly status: Alert['status'];
  readonly fingerprint?: string | undefined;
  /** The sender's texts about the alert, the best one first. */
  readonly texts: readonly (string | undefined)[];
  readonly labels: Readonly<Record<string, unknown>>;
  readonly startsAt?: string | undefined;
  readonly link?: string | undefined;
};

/** The alert with every part within {@link ALERT_LIMITS}, and every text on one line. */
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

/** The sender's own fingerprint or, without one, a hash of labels and summary. */
function fingerprintOf(given: string | undefined, labels: Alert['labels'], summary: string): string {
  const name = oneLine(given ?? '', ALERT_LIMITS.fingerprint + 1);
  if (name === '') return canonicalHash({ labels, summary });
  return name.length > ALERT_LIMITS.fingerprint ? canonicalHash(name) : name;
}

/** The labels whose value is a text, a number or a boolean, within the limits. */
function boundedLabels(labels: Readonly<Record<string, unknown>>): Alert['labels'] {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels).slice(0, ALERT_LIMITS.labels)) {
    if (!isLabelName(name)) continue;
    if (['string', 'number', 'boolean'].includes(typeof value)) kept[name] = oneLine(String(value), ALERT_LIMITS.label);
  }
  return kept;
}

/** Whether this can be the name of a label. A lone surrogate has no canonical JSON. zod has dropped `__proto__`. */
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

/** The link if a browser would open it and it contains no password, otherwise null. */
function httpLink(text: string | undefined): string | null {
  const url = text === undefined || text.length > ALERT_LIMITS.link ? null : URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.password !== '') return null;
  return url.href.length > ALERT_LIMITS.link ? null : url.href;
}

/** The time in UTC, null if it is invalid. Go writes the year 1 if there is no time. */
function moment(text: string | undefined): string | null {
  const at = text === undefined ? Number.NaN : Date.parse(text.slice(0, 64));
  if (Number.isNaN(at) || at <= 0 || at > LAST_YEAR) return null;
  return new Date(at).toISOString();
}

/** ISO 8601 has four digits for the year. */
const LAST_YEAR = Date.UTC(9999, 11, 31);

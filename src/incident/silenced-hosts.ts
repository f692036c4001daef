import type { Matcher } from '../model/record/silence.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { fitsGlob, isSameHost } from './alert-hosts.ts';

/**
 * Whether a silence covers everything that a host's alerts can be. A silence that also names other labels, for example
 * one `alertname`, is about some of its alerts only, and leaves the host as it is.
 */
export function silencesHost(matchers: readonly Matcher[], host: HostSettings, hostLabel: string): boolean {
  return matchers.length > 0 && matchers.every((matcher) => holds(matcher, host, hostLabel));
}

function holds(matcher: Matcher, { name, ssh, alerts }: HostSettings, hostLabel: string): boolean {
  if (alerts !== null) {
    const pattern = Object.hasOwn(alerts.match, matcher.name) ? alerts.match[matcher.name] : undefined;
    return pattern !== undefined && holdsForPattern(matcher, pattern);
  }
  if (matcher.name !== hostLabel) return false;
  const own = [name, ssh.address].map((text) => text.toLowerCase());
  const isHost = matcher.isRegex
    ? own.some((text) => fitsRegex(text, matcher.value))
    : own.some((text) => isSameHost(matcher.value.toLowerCase(), text));
  return isHost === matcher.isEqual;
}

/** A pattern with `*` stands for values that are not known, so a regular expression can't be compared with it. */
function holdsForPattern({ value, isRegex, isEqual }: Matcher, pattern: string): boolean {
  if (!isRegex) return fitsGlob(value, pattern) === isEqual;
  return !pattern.includes('*') && fitsRegex(pattern, value) === isEqual;
}

/** Alertmanager anchors its regular expressions. One that this language can't read fits nothing. */
function fitsRegex(text: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(text);
  } catch {
    return false;
  }
}

import { RE2JS } from 're2js';
import type { Matcher } from '../../model/quiet/silence.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { fitsGlob, isSameHost } from '../alert-hosts.ts';

/** A matcher that could be read. `expression`: null if it compares with `value` as it is. */
export type ReadMatcher = Pick<Matcher, 'name' | 'value' | 'isEqual'> & { readonly expression: RE2JS | null };

/**
 * The matchers of a silence, ready to compare. Null: one of them can't be read, so no one knows what the silence is about.
 * Alertmanager's expressions are RE2's; that engine takes linear time, whatever someone wrote.
 */
export function readMatchers(matchers: readonly Matcher[]): readonly ReadMatcher[] | null {
  try {
    return matchers.map(({ isRegex, ...matcher }) => ({
      ...matcher,
      expression: isRegex ? RE2JS.compile(matcher.value, RE2JS.DOTALL) : null,
    }));
  } catch {
    return null;
  }
}

/**
 * Whether a silence covers everything that a host's alerts can be: each matcher has to hold for every value that its label
 * can have. A silence that also names other labels, for example one `alertname`, is about some of its alerts only, and
 * leaves the host as it is.
 */
export function silencesHost(matchers: readonly ReadMatcher[], host: HostSettings, hostLabel: string): boolean {
  return matchers.length > 0 && matchers.every((matcher) => holds(matcher, host, hostLabel));
}

function holds(matcher: ReadMatcher, { name, ssh, alerts }: HostSettings, hostLabel: string): boolean {
  if (alerts !== null) {
    const pattern = Object.hasOwn(alerts.match, matcher.name) ? alerts.match[matcher.name] : undefined;
    return pattern !== undefined && holdsForPattern(matcher, pattern);
  }
  return matcher.name === hostLabel && holdsForHost(matcher, [name, ssh.address]);
}

/** A pattern with `*` stands for values that are not known: a matcher holds only if it excludes one that none of them is. */
function holdsForPattern(matcher: ReadMatcher, pattern: string): boolean {
  const { value, expression, isEqual } = matcher;
  if (pattern.includes('*')) return expression === null && !isEqual && !fitsGlob(value, pattern);
  return (expression === null ? value === pattern : expression.matches(pattern)) === isEqual;
}

/** The label can have a port and other letters, so an expression that does not fit the name proves nothing. */
function holdsForHost({ value, expression, isEqual }: ReadMatcher, own: readonly string[]): boolean {
  const lower = own.map((text) => text.toLowerCase());
  if (expression !== null) return isEqual && [...own, ...lower].some((text) => expression.matches(text));
  return lower.some((text) => isSameHost(value.toLowerCase(), text)) === isEqual;
}

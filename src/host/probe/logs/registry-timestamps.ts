const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const APACHE = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Parses a time such as `2026-11-24T04:03:10.115155374Z` (RFC 3339) to Unix seconds. Null for any other text. */
export function fromRfc3339(text: string): number | null {
  return RFC3339.test(text) ? toSeconds(Date.parse(text)) : null;
}

/** Parses a time of an access log such as `24/Nov/2026:04:03:11 +0000` to Unix seconds. Null for any other text. */
export function fromApache(text: string): number | null {
  const [, day, name = '', year, time, offsetHours, offsetMinutes] = APACHE.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return null;
  return toSeconds(
    Date.parse(`${year}-${String(month).padStart(2, '0')}-${day}T${time}${offsetHours}:${offsetMinutes}`),
  );
}

function toSeconds(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) ? Math.floor(milliseconds / 1000) : null;
}

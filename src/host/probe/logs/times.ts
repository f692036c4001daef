const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const APACHE = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Unix seconds of `2026-11-24T04:03:10.115155374Z`. Null if it is not such a time. */
export function fromRfc3339(text: string): number | null {
  return RFC3339.test(text) ? seconds(Date.parse(text)) : null;
}

/** Unix seconds of `24/Nov/2026:04:03:11 +0000`. Null if it is not such a time. */
export function fromApache(text: string): number | null {
  const [, day, name = '', year, time, hours, minutes] = APACHE.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return null;
  return seconds(Date.parse(`${year}-${String(month).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`));
}

function seconds(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) ? Math.floor(milliseconds / 1000) : null;
}

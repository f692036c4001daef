/** The day in UTC, as `YYYY-MM-DD`: in the key of what is told once a day. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 'YYYY-MM-DD'.length);
}

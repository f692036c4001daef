/** How many rounds of a campaign: few in each run of the tests, many if RD_LONG is set, as `npm run campaigns` does. */
export function roundsOf(few: number, many: number): number {
  return process.env['RD_LONG'] === undefined ? few : many;
}

/** How long it takes, so that a kill can be spread over all of it on any machine. */
export async function millisecondsOf(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

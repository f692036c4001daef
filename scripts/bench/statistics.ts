/** The value below which `share` (0 to 1) of the samples are: nearest rank, so it is always a measured one. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('there is no percentile of nothing');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

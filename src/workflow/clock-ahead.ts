/**
 * By how many seconds a host's clock is at least ahead of ours (negative: behind), where it read `takenAt` (whole seconds) at a
 * moment that for us lay between `from` and `to`. 0 where the two may agree: the round trip is what cannot be told.
 */
export function clockAheadSeconds(takenAt: number, asked: { readonly from: Date; readonly to: Date }): number {
  const earliest = Math.floor(asked.from.getTime() / 1000);
  const latest = Math.floor(asked.to.getTime() / 1000);
  if (takenAt > latest) return takenAt - latest;
  return Math.min(takenAt - earliest, 0);
}

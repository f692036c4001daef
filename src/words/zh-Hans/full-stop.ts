/** A reason is a clause, or a few sentences of which the last one has its full stop. */
export function withStop(reason: string): string {
  return /[。！？.!?]$/.test(reason) ? reason : `${reason}。`;
}

/** The first lines that fit into `max` characters together, and the number of those that don't. */
export function fitLines(lines: readonly string[], max: number): { shown: readonly string[]; hidden: number } {
  const shown: string[] = [];
  let used = 0;
  for (const line of lines) {
    used += line.length + 1;
    if (used > max) break;
    shown.push(line);
  }
  return { shown, hidden: lines.length - shown.length };
}

/** As many of the first lines as fit into `max` characters, each complete, and how many did not fit. */
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

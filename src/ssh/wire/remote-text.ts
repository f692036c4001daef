const MAX_LENGTH = 200;

/** Text from a host, or from a library that quotes one, made fit for a sentence: one line, printable ASCII, short. */
export function remoteText(text: string): string {
  const line = text.replace(/[^\x21-\x7e]+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

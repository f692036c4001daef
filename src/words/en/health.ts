/** Why the bot cannot be asked for its health, and what `registry-doctor health` says of it. */

export function healthSocketUnusable(socketFile: string, why: string): string {
  return `The bot cannot be asked for its health on ${socketFile}: ${why}. The directory of the record (store.url) has to be one that this user may write in.`;
}

export function healthSocketPathTooLong(socketFile: string, maxBytes: number): string {
  return `The bot cannot be asked for its health on ${socketFile}: a socket's path has at most ${maxBytes} bytes (unix(7)). Put the record (store.url) in a directory with a shorter path.`;
}

export function healthSocketTaken(socketFile: string): string {
  return `Another process answers on ${socketFile}: one record is for one bot. End that process, or give this bot a record of its own (store.url).`;
}

export function partTimedOut(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s`;
}

export function nobodyAnswers(socketFile: string): string {
  return `No bot answers on ${socketFile}. Is it running, as this user and with this config?`;
}

export function healthUnknown(socketFile: string, why: string): string {
  return `The bot behind ${socketFile} gave no answer: ${why}.`;
}

export function partLine(name: string, why: string | null): string {
  return why === null ? `${name}: well` : `${name}: unwell: ${why}`;
}

export function notConnectedToSlack(): string {
  return 'not connected to Slack';
}

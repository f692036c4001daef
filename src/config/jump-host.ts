/** A jump host as it is written; what the text does not name is null, a port that is none is NaN. */
export type JumpHostText = { readonly user: string | null; readonly address: string; readonly port: number };

const SSH_PORT = 22;

/** Takes `[user@]host[:port]` apart, as ssh_config(5) has it under ProxyJump: the last `@` ends the user. */
export function parseJumpHost(text: string): JumpHostText {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? null : text.slice(0, at);
  const place = text.slice(at + 1);
  const [, bracketed, portInBrackets] = /^\[([^\]]*)\](?::(.*))?$/.exec(place) ?? [];
  if (bracketed !== undefined) return { user, address: bracketed, port: portOf(portInBrackets) };
  // More than one colon and no brackets: an IPv6 address alone.
  const [address = '', port, ...more] = place.split(':');
  return more.length > 0 ? { user, address: place, port: SSH_PORT } : { user, address, port: portOf(port) };
}

function portOf(text: string | undefined): number {
  if (text === undefined) return SSH_PORT;
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
}

/** A jump host as written. Null: the text does not name it. An invalid port is NaN. */
export type JumpHostText = { readonly user: string | null; readonly address: string; readonly port: number | null };

/** Splits `[user@]host[:port]`, as in ssh_config(5) under ProxyJump. The last `@` ends the user. */
export function parseJumpHost(text: string): JumpHostText {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? null : text.slice(0, at);
  const place = text.slice(at + 1);
  const [, bracketed, portInBrackets] = /^\[([^\]]*)\](?::(.*))?$/.exec(place) ?? [];
  if (bracketed !== undefined) return { user, address: bracketed, port: portOf(portInBrackets) };
  // More than one colon and no brackets: an IPv6 address without a port.
  const [address = '', port, ...more] = place.split(':');
  return more.length > 0 ? { user, address: place, port: null } : { user, address, port: portOf(port) };
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
}

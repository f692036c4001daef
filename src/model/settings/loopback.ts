/**
 * Whether the host of a URL, as `URL.hostname` writes it, is the machine that asks (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3;
 * RFC 6761, 6.3). The unspecified address connects to the same machine on Linux.
 */
export function isLoopback(hostname: string): boolean {
  if (/^(?:.+\.)?localhost\.?$/i.test(hostname)) return true;
  return (
    /^(?:127\.|0\.0\.0\.0$)/.test(hostname) ||
    /^\[(?:::1?|::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]{1,4}|0:0))\]$/i.test(hostname)
  );
}

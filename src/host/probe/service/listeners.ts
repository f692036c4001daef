import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { Listener } from '../../../model/host/service-state.ts';
import type { StateLines } from './state-lines.ts';

const MAX_LISTENERS = 16;
const LISTENER = /^([0-9A-F]{8}|[0-9A-F]{32}) ([0-9A-F]{4}) (\d{1,10}|-) ?(.{0,64})$/s;
const ANY_V4 = '00000000';
/** `::` also accepts connections over IPv4 (ipv6(7), IPV6_V6ONLY). */
const ANY_V6 = '0'.repeat(32);

/** The processes that listen on the addresses of the registry's config. */
export function listenersIn(lines: StateLines): Fact<Listener[]> {
  const told = lines.told('listeners') ?? unknown('not-told');
  if (told.state !== 'known') return told;
  const wanted = told.value.split(' ').filter((address) => address !== '-');
  const found = lines.all('listener').flatMap((line) => listenerIn(line, wanted));
  return known(found.slice(0, MAX_LISTENERS));
}

function listenerIn(line: string, wanted: readonly string[]): Listener[] {
  const [, address, hexPort = '', pid = '-', command = ''] = LISTENER.exec(line) ?? [];
  const port = Number.parseInt(hexPort, 16);
  if (address === undefined || port === 0 || !wanted.some((one) => meets(address, port, one))) return [];
  return [{ port, pid: pid === '-' || pid === '0' ? null : Number(pid), command: command === '' ? null : command }];
}

/** Whether a socket on this address prevents another from binding the wanted one. If in doubt, yes. */
function meets(address: string, port: number, wanted: string): boolean {
  const colon = wanted.lastIndexOf(':');
  if (Number(wanted.slice(colon + 1)) !== port) return false;
  if (address === ANY_V4 || address === ANY_V6) return true;
  const ours = hexOf(wanted.slice(0, colon));
  return ours === null || ours === address;
}

/** An IPv4 address as /proc/net/tcp writes it, with its bytes in this host's order. Null for any other address. */
function hexOf(host: string): string | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255) || parts.every((part) => part === 0)) return null;
  return parts
    .reverse()
    .map((part) => part.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

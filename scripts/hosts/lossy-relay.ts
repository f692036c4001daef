import { freePort } from '../../test/support/services/free-port.ts';
import type { Machine } from './machine.ts';

/**
 * Two ends on loopback, $1 and $2, and between them a TCP connection in a network namespace of its own, in which nftables drops
 * $3 of 100 packets, each way.
 */
const RELAY = `
socat TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork UNIX-CONNECT:/run/near &
socat UNIX-LISTEN:/run/far,fork TCP:127.0.0.1:$2 &
exec unshare --net sh -ec '
ip link set lo up
nft add table ip loss
nft add chain ip loss input "{ type filter hook input priority 0; }"
nft add rule ip loss input meta l4proto tcp numgen random mod 100 "<" $1 drop
socat UNIX-LISTEN:/run/near,fork TCP:127.0.0.1:1 &
exec socat TCP-LISTEN:1,bind=127.0.0.1,fork UNIX-CONNECT:/run/far
' sh "$3"
`;

/** A relay on `port` that loses packets, to a server on another port, which it returns. It ends with the machine. */
export async function startLossyRelay(machine: Machine, port: number, lossPercent: number): Promise<number> {
  const to = await freePort();
  machine.start(['/bin/sh', '-ec', RELAY, 'sh', ...[port, to, lossPercent].map(String)]);
  return to;
}

import { WatchSeen } from '../../model/fleet/fleet.ts';
import { parsedJson } from '../../model/json.ts';
import { HostName } from '../../model/record/ids.ts';
import type { Sights } from '../../workflow/ports/bots.ts';
import type { Ask } from './ask.ts';
import type { PostgresLeases } from './leases.ts';
import type { Row } from './row.ts';

/** In table `sights`, as long as the bot that told it is there. */
export class PostgresSights implements Sights {
  readonly #leases: PostgresLeases;
  readonly #ask: Ask;

  constructor(leases: PostgresLeases, ask: Ask) {
    this.#leases = leases;
    this.#ask = ask;
  }

  async tell(seen: ReadonlyMap<HostName, WatchSeen>): Promise<void> {
    const rows = [...seen].toSorted(([one], [other]) => (one < other ? -1 : 1));
    await this.#ask(
      `insert into sights (host, seen, bot) select host, seen, id from unnest($1::text[], $2::text[]) as told (host, seen), bots
       where id = $3 order by host on conflict (host) do update set seen = excluded.seen, bot = excluded.bot`,
      [rows.map(([host]) => host), rows.map(([, one]) => JSON.stringify(one)), this.#leases.bot],
    );
  }

  async read(): Promise<ReadonlyMap<HostName, WatchSeen>> {
    const rows = await this.#ask('select host, seen from sights');
    return new Map(rows.flatMap((row) => sightIn(row) ?? []));
  }
}

/** Nothing for a row that a bot of another version wrote in its own form. */
function sightIn({ host, seen }: Row): readonly (readonly [HostName, WatchSeen])[] {
  const name = HostName.safeParse(host);
  const sight = WatchSeen.safeParse(parsedJson(String(seen)));
  return name.success && sight.success ? [[name.data, sight.data]] : [];
}

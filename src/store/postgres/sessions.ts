import type { HostName } from '../../model/record/ids.ts';
import type { HostSession, HostSessions } from '../../workflow/ports/bots.ts';
import type { Ask } from './ask.ts';
import type { Row } from './row.ts';

/**
 * In table `sessions`. A host has so many places there, each free or taken until a moment of the server's clock, whatever becomes of the bot
 * that took it: the host may still be at work for a bot that is dead, stopped or cut off.
 */
export class PostgresSessions implements HostSessions {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Null also if another bot took the place that was seen to be free. */
  async take(host: HostName, { most, lastsMs }: { most: number; lastsMs: number }): Promise<HostSession | null> {
    const [row] = await this.#ask(TAKE, [host, most, lastsMs]);
    return row === undefined ? null : { giveBack: () => this.#giveBack(host, row) };
  }

  /** What can't be given back ends in its time. */
  async #giveBack(host: HostName, { place, id }: Row): Promise<void> {
    await this.#ask(GIVE_BACK, [host, place, id]).catch(() => {});
  }
}

const TAKE = `insert into sessions (host, place, ends_at)
  select $1, place, clock_timestamp() + $3::bigint * interval '1 millisecond' from generate_series(1, $2::int) as place
  where not exists (select from sessions as other
    where other.host = $1 and other.place = place.place and other.ends_at > clock_timestamp())
  order by random() limit 1
  on conflict (host, place) do update set id = excluded.id, ends_at = excluded.ends_at
  where sessions.ends_at <= clock_timestamp() returning place, id`;

/** Only as long as it is this one's: after its time another session might have the place. */
const GIVE_BACK = 'update sessions set ends_at = clock_timestamp() where host = $1 and place = $2 and id = $3';

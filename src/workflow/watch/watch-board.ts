import type { WatchSeen } from '../../model/fleet/fleet.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { Sights } from '../ports/bots.ts';

type Checked = Exclude<WatchSeen, { kind: 'not-watched' | 'not-checked' }>;

/** A host that is seen as before is told to the other bots again after this time, with the newer time of its check. */
const TELL_AGAIN_AFTER_MS = 20_000;
/** People ask in bursts. */
const READ_AGAIN_AFTER_MS = 2_000;

/**
 * What monitoring saw last of each host, for people who ask. A restart forgets it: the next check tells it again. Of several bots each tells
 * the others what it saw.
 */
export class WatchBoard {
  readonly #seen = new Map<HostName, Checked>();
  readonly #changed: () => void;
  readonly #sights: Sights | null;
  readonly #untold = new Map<HostName, Checked>();
  readonly #toldAtMs = new Map<HostName, number>();
  #ofOthers: ReadonlyMap<HostName, WatchSeen> = new Map();
  #readAtMs = Number.NEGATIVE_INFINITY;

  /** `changed` is called when a host is seen in another state than before. */
  constructor(changed: () => void = () => {}, sights: Sights | null = null) {
    this.#changed = changed;
    this.#sights = sights;
  }

  /** `since` stays while a host can't be checked. */
  note(host: HostName, seen: Checked): void {
    const before = this.#seen.get(host);
    const now = seen.kind === 'blind' && before?.kind === 'blind' ? before : seen;
    this.#seen.set(host, now);
    const isOther = before?.kind !== seen.kind;
    if (isOther || performance.now() - (this.#toldAtMs.get(host) ?? 0) > TELL_AGAIN_AFTER_MS)
      this.#untold.set(host, now);
    if (isOther) this.#changed();
  }

  of({ name, watch }: Pick<HostSettings, 'name' | 'watch'>): WatchSeen {
    if (watch === null) return { kind: 'not-watched' };
    return this.#seen.get(name) ?? this.#ofOthers.get(name) ?? { kind: 'not-checked' };
  }

  /** Other bots monitor the rest, and what was seen of it here gets old. */
  keepOnly(hosts: ReadonlySet<HostName>): void {
    for (const host of [...this.#seen.keys()].filter((one) => !hosts.has(one))) {
      for (const kept of [this.#seen, this.#untold, this.#toldAtMs]) kept.delete(host);
    }
  }

  /** Tells the other bots what they do not know yet. */
  async tell(): Promise<void> {
    if (this.#sights === null || this.#untold.size === 0) return;
    const seen = new Map(this.#untold);
    await this.#sights.tell(seen);
    for (const [host, one] of seen) {
      if (this.#untold.get(host) === one) this.#untold.delete(host);
      this.#toldAtMs.set(host, performance.now());
    }
  }

  /** Reads what the other bots saw. */
  async refresh(): Promise<void> {
    if (this.#sights === null || performance.now() - this.#readAtMs < READ_AGAIN_AFTER_MS) return;
    this.#ofOthers = await this.#sights.read();
    this.#readAtMs = performance.now();
  }
}

import type { WatchSeen } from '../../model/fleet/fleet.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';

type Checked = Exclude<WatchSeen, { kind: 'not-watched' | 'not-checked' }>;

/** What monitoring saw last of each host, for people who ask. A restart forgets it: the next check tells it again. */
export class WatchBoard {
  readonly #seen = new Map<HostName, Checked>();
  readonly #changed: () => void;

  /** `changed` is called when a host is seen in another state than before. */
  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  /** `since` stays while a host can't be checked. */
  note(host: HostName, seen: Checked): void {
    const before = this.#seen.get(host);
    this.#seen.set(host, seen.kind === 'blind' && before?.kind === 'blind' ? before : seen);
    if (before?.kind !== seen.kind) this.#changed();
  }

  of({ name, watch }: Pick<HostSettings, 'name' | 'watch'>): WatchSeen {
    if (watch === null) return { kind: 'not-watched' };
    return this.#seen.get(name) ?? { kind: 'not-checked' };
  }
}

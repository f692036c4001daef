import type { WebClient } from '@slack/web-api';
import type { GroupId, UserId } from '../../model/record/ids.ts';
import { ExpiringCache } from './expiring-cache.ts';

/** Names change rarely, and the status of an incident is edited often. */
const TTL_MS = 600_000;

type Handles = ReadonlyMap<string, string>;

/** What Slack calls people, for text that must not notify them. Those whom it does not name are called by their ids. */
export class PeopleNames {
  readonly #client: WebClient;
  readonly #handles: ExpiringCache<Handles>;
  readonly #users: ExpiringCache<string>;

  constructor(client: WebClient, now?: () => number) {
    this.#client = client;
    this.#handles = new ExpiringCache(TTL_MS, now);
    this.#users = new ExpiringCache(TTL_MS, now);
  }

  async namesOf(people: { readonly users: readonly UserId[]; readonly groups: readonly GroupId[] }): Promise<string[]> {
    const users = await Promise.all(people.users.map((user) => this.#nameOf(user)));
    const handles = people.groups.length === 0 ? null : await this.#askHandles();
    return [...users, ...people.groups.map((group) => handles?.get(group) ?? group)];
  }

  #nameOf(user: UserId): Promise<string> {
    return this.#users.get(user, async () => {
      const answer = await this.#client.users.info({ user }).catch(() => null);
      const name = answer?.user?.profile?.display_name || answer?.user?.real_name;
      return { value: name || user, keep: Boolean(name) };
    });
  }

  #askHandles(): Promise<Handles> {
    return this.#handles.get('all', async () => {
      const answer = await this.#client.usergroups.list().catch(() => null);
      const pairs = (answer?.usergroups ?? []).flatMap(({ id, handle }) =>
        id && handle ? [[id, handle] as const] : [],
      );
      return { value: new Map(pairs), keep: answer !== null };
    });
  }
}

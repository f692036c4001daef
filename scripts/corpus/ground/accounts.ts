import { readFileSync } from 'node:fs';
import type { Identity } from '../../../src/model/host/facts.ts';

/** Accounts that every scenario can use, beside those of the machine, as lines of passwd(5) and group(5). */
export const PASSWD_LINES = [
  'registry:x:47001:47001::/var/opt/gitlab/registry:/bin/false',
  'git:x:47002:47002::/var/opt/gitlab:/bin/sh',
  'gitlab-www:x:47003:47003::/var/opt/gitlab/nginx:/bin/false',
  'alice:x:47011:47011::/home/alice:/bin/bash',
  'backup-agent:x:47012:47012::/nonexistent:/bin/false',
];
export const GROUP_LINES = [
  'registry:x:47001:',
  'git:x:47002:gitlab-www',
  'gitlab-www:x:47003:',
  'alice:x:47011:',
  'backup-agent:x:47012:',
  'ops:x:47021:alice',
  'storage:x:47022:alice,backup-agent',
  // The false fix of every forum: it counts for new logins, but not for a service that is started with only its own
  // group.
  'helpers:x:47023:registry',
];

/** The user database while the scenarios run. */
export class Accounts {
  readonly #users: ReadonlyMap<string, { readonly uid: number; readonly gid: number }>;
  readonly #groups: ReadonlyMap<string, { readonly gid: number; readonly members: readonly string[] }>;

  constructor() {
    this.#users = new Map(
      fieldsOf('/etc/passwd').map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
    );
    this.#groups = new Map(
      fieldsOf('/etc/group').map(([name, , gid, members = '']) => [
        name,
        { gid: Number(gid), members: members.split(',') },
      ]),
    );
  }

  /** `user:group`, by name or number. */
  owners(text: string): { readonly uid: number; readonly gid: number } {
    const [user = '', group = ''] = text.split(':');
    return { uid: this.#users.get(user)?.uid ?? Number(user), gid: this.gid(group) };
  }

  gid(group: string): number {
    return this.#groups.get(group)?.gid ?? Number(group);
  }

  /** The identity of a service started as this account, with only these further groups. */
  service(user = 'registry', groups: readonly string[] = []): Identity {
    const { uid, gid } = this.#users.get(user) ?? { uid: Number(user), gid: Number(user) };
    const isRoot = uid === 0;
    const gids = groups.map((group) => this.gid(group));
    return { user, uid, gid, groups: gids, dacOverride: isRoot, dacReadSearch: isRoot };
  }

  /** Every account but root, as a login has it: with all its groups. */
  logins(): readonly Identity[] {
    return [...this.#users]
      .filter(([, { uid }]) => uid !== 0)
      .map(([user, { uid, gid }]) => {
        const groups = [...this.#groups.values()]
          .filter(({ members }) => members.includes(user))
          .map((group) => group.gid);
        return { user, uid, gid, groups, dacOverride: false, dacReadSearch: false };
      });
  }
}

function fieldsOf(file: string): [string, ...string[]][] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line): [string, ...string[]] => {
      const [name = '', ...rest] = line.split(':');
      return [name, ...rest];
    })
    .filter(([name]) => name !== '');
}

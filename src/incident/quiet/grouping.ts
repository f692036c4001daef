import type { GroupCause, Traits } from '../../model/quiet/group.ts';
import type { Incident } from '../../model/record/incident.ts';

/** An incident among those that might have one cause. */
export type Failing = Pick<Incident, 'host' | 'openedAt' | 'openedBy' | 'verdict'> & {
  readonly id: number;
  /** Null: not diagnosed yet. */
  readonly traits: Traits | null;
};

/** Faults further apart than this have causes of their own, whatever their hosts have in common. */
export const GROUPED_WITHIN_MS = 15 * 60_000;
const BOOTS_WITHIN_MS = 60_000;
/** A boot explains only what fails soon after it. */
const BOOT_EXPLAINS_MS = 30 * 60_000;
/** So many hosts within {@link MANY_WITHIN_MS} are a group, also if nothing is known to connect them. */
const MANY_HOSTS = 5;
const MANY_WITHIN_MS = 120_000;

/**
 * The incidents that belong with this one, itself included: of hosts with storage on the same file server, else of hosts
 * that booted together, else simply many at once. Null: it stands alone.
 */
export function groupOf<F extends Failing>(one: F, all: readonly F[]): readonly F[] | null {
  const near = all.filter((other) => apartMs(one, other) <= GROUPED_WITHIN_MS);
  const rules = [sharesServer, bootedTogether].map((isRelated) => near.filter((other) => isRelated(one, other)));
  const together = rules.find((members) => hostsOf(members) >= 2);
  if (together !== undefined) return together;
  if (!isFault(one)) return null;
  const many = all.filter((other) => isFault(other) && apartMs(one, other) <= MANY_WITHIN_MS);
  return hostsOf(many) >= MANY_HOSTS ? many : null;
}

/** Monitoring or an alert noticed it, or a diagnosis found it. A question of a person says nothing. */
function isFault({ openedBy, verdict }: Failing): boolean {
  return openedBy.kind === 'bot' || openedBy.kind === 'alert' || verdict === 'faulty';
}

/** What most of the diagnosed hosts of a group have in common. Null: nothing that is known. */
export function causeOf(members: readonly Failing[]): GroupCause | null {
  const diagnosed = members.filter(({ traits }) => traits !== null);
  const isMost = (some: readonly Failing[]) => hostsOf(some) >= 2 && hostsOf(some) * 2 > hostsOf(diagnosed);
  for (const one of diagnosed) {
    const onServer = diagnosed.filter((other) => sharesServer(one, other));
    if (isMost(onServer)) return serverCause(one, onServer);
    const booted = diagnosed.filter((other) => bootedTogether(one, other));
    const first = booted.flatMap(({ traits }) => traits?.bootedAt ?? []).toSorted()[0];
    if (first !== undefined && isMost(booted)) return { kind: 'boot', at: first };
  }
  return null;
}

function serverCause(one: Failing, members: readonly Failing[]): GroupCause | null {
  const shares = one.traits?.shares ?? [];
  const common = shares.find((share) => members.every(({ traits }) => traits?.shares.includes(share)));
  if (common !== undefined) return { kind: 'share', source: common };
  const server = shares.map(serverOf).find((name) => members.every((member) => serversOf(member).includes(name)));
  return server === undefined ? null : { kind: 'server', server };
}

function sharesServer(one: Failing, other: Failing): boolean {
  const theirs = serversOf(other);
  return serversOf(one).some((server) => theirs.includes(server));
}

function serversOf({ traits }: Failing): readonly string[] {
  return (traits?.shares ?? []).map(serverOf);
}

/** `nas01:/export`, `[fd00::1]:/export`, `//nas01/share`. */
function serverOf(source: string): string {
  const [, windows, unix] = /^\/\/([^/]+)|^(\[[^\]]+\]|[^:/]+):/.exec(source) ?? [];
  return (windows ?? unix ?? source).toLowerCase();
}

function bootedTogether(one: Failing, other: Failing): boolean {
  const [a, b] = [bootOf(one), bootOf(other)];
  return a !== null && b !== null && Math.abs(a - b) <= BOOTS_WITHIN_MS;
}

/** Null: not known, or too long ago to be the reason. */
function bootOf({ traits, openedAt }: Failing): number | null {
  if (traits === null || traits.bootedAt === null) return null;
  const bootedAt = Date.parse(traits.bootedAt);
  return Date.parse(openedAt) - bootedAt <= BOOT_EXPLAINS_MS ? bootedAt : null;
}

function apartMs(one: Failing, other: Failing): number {
  return Math.abs(Date.parse(one.openedAt) - Date.parse(other.openedAt));
}

function hostsOf(members: readonly Failing[]): number {
  return new Set(members.map(({ host }) => host)).size;
}

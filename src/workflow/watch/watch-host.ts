import { afterLook, NOT_LOOKED_YET, type Sight, tellInMs } from '../../incident/watch/sight.ts';
import { dueTogether, firstPauseMs, pauseMs } from '../../incident/watch/watch-pace.ts';
import { type Look, onLook, type WatchState } from '../../incident/watch/watch-state.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { HostSettings, WatchSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { isHealthy, type RegistryAnswer } from '../host/ask-registry.ts';
import { type LookMemory, lookAtRegistry, NO_LOOKS } from '../host/look-at-registry.ts';
import { noteHealth } from '../incident/flapping.ts';
import { endMutedFault, isMuted, noteMutedFault } from '../incident/mutes.ts';
import { knownIncident, noticeFault } from '../incident/notice-fault.ts';
import { resolveOpenIncidents } from '../incident/resolve-incidents.ts';
import type { RegistryHttp } from '../ports/host.ts';
import type { RecordTransaction } from '../ports/record.ts';
import type { LookTurns } from './look-turns.ts';
import type { OpenHosts } from './open-hosts.ts';
import { tellMonitoredAgain, tellUnmonitored } from './tell-monitoring.ts';
import type { WatchBoard } from './watch-board.ts';

const BY_WATCH: Actor = { kind: 'bot', part: 'watch' };

export type Watching = {
  readonly host: HostSettings;
  readonly watch: WatchSettings;
  readonly http: RegistryHttp;
  /** Shared by all watched hosts, as is `openHosts`. */
  readonly turns: LookTurns;
  readonly openHosts: OpenHosts;
  /** Takes what each look saw, for people who ask. */
  readonly board: WatchBoard;
  /** Its place among all watched hosts, from 0 to 1. */
  readonly place: number;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** What monitoring knows of one host between two looks. A restart begins again; what was told is on record. */
type Known = {
  readonly isDoubtful: boolean;
  /** The last look would have opened an incident, if the host were not muted. */
  readonly isMuted: boolean;
  /** The first bad look since the last good one, in milliseconds. Null: there was none. */
  readonly badSince: number | null;
  readonly hasIncident: boolean;
  readonly sight: Sight;
  readonly memory: LookMemory;
};

const NOTHING_KNOWN: Known = {
  isDoubtful: false,
  isMuted: false,
  badSince: null,
  hasIncident: false,
  sight: NOT_LOOKED_YET,
  memory: NO_LOOKS,
};

/** What one look saw. `answer` says why nothing was seen. */
type Seen = { readonly look: Look; readonly answer: RegistryAnswer; readonly now: Date };

/**
 * Monitors one registry: asks it at its interval until `stop`, and opens an incident in the incident channel when two
 * checks in a row are bad. `onOpened` starts the diagnosis of that incident. A host that can't be checked for long is
 * told once.
 */
export async function watchHostUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  watching: Watching,
  onOpened: (incident: Incident) => void,
): Promise<void> {
  const { watch, turns, random, host } = watching;
  const { clock } = context;
  const intervalMs = watch.intervalSeconds * 1000;
  let known = NOTHING_KNOWN;
  const dueIn = (ms: number) => dueTogether(clock.now().getTime() + ms);
  let dueAt = dueIn(firstPauseMs(intervalMs, watching.place));
  await clock.sleep(dueAt - clock.now().getTime(), stop);
  while (!stop.aborted) {
    const before = known;
    const due = dueAt;
    const mayConnect = await turns.connects(before.memory.lastWay === null, stop);
    known = await turns.take(before.sight.blindLooks > 0, async () => {
      // A look that still waits for its turn when the bot stops is not worth its time.
      if (stop.aborted) return before;
      const lagMs = clock.now().getTime() - due;
      return lookOnce(stop, context, watching, { before, lagMs, mayConnect, onOpened });
    });
    const nowMs = clock.now().getTime();
    const tellIn = tellInMs(known.sight, blindLimitMs(watch), nowMs);
    const { isMuted, hasIncident, sight } = known;
    // The next look at a muted host decides nothing.
    const isDoubtful = known.isDoubtful && !isMuted;
    const pace = { intervalMs, isDoubtful, hasIncident, blindLooks: sight.blindLooks };
    dueAt = dueIn(pauseMs({ ...pace, tellInMs: tellIn === 0 ? null : tellIn }, random()));
    await clock.sleep(dueAt - clock.now().getTime(), stop);
  }
  context.metrics.set('hostBlind', { host: host.name }, null);
  context.log.debug({ host: host.name }, 'monitoring ended');
}

type OneLook = {
  readonly before: Known;
  /** How much later than due it began. */
  readonly lagMs: number;
  /** Resolves when it may make one more connection. */
  readonly mayConnect: () => Promise<void>;
  readonly onOpened: (incident: Incident) => void;
};

/** One check and its consequences. If the record can't take them, the next check sees the same again. */
async function lookOnce(stop: AbortSignal, context: WorkflowContext, watching: Watching, one: OneLook): Promise<Known> {
  const { before, onOpened } = one;
  try {
    const { seen, memory } = await lookAt(context, watching, one);
    // The host might have been removed from the config, or changed, meanwhile.
    if (stop.aborted) return before;
    const sight = afterLook(before.sight, seen.look, seen.now.getTime());
    const badSince = seen.look === 'unhealthy' ? (before.badSince ?? seen.now.getTime()) : before.badSince;
    const after = { ...before, sight, memory, badSince };
    if (await isQuiet(watching, after, seen)) return { ...after, badSince: null, hasIncident: false };
    const { incident, opened, ...beliefs } = await context.store.transact((tx) =>
      conclude(tx, context, watching, after, seen),
    );
    if (opened !== null) onOpened(opened);
    const hasIncident = (opened ?? incident) !== null;
    return { ...after, ...beliefs, hasIncident, badSince: seen.look === 'healthy' ? null : badSince };
  } catch (error) {
    context.log.error({ err: error, host: watching.host.name }, 'a check of a monitored host failed');
    return before;
  }
}

/** A healthy registry, and nothing that its health would change. */
async function isQuiet({ host, openHosts }: Watching, { isDoubtful }: Known, { look }: Seen): Promise<boolean> {
  return look === 'healthy' && !isDoubtful && !(await openHosts.has(host.name));
}

async function lookAt(
  { remote, clock, log, metrics }: WorkflowContext,
  { host, http, board }: Watching,
  { before, lagMs, mayConnect }: OneLook,
): Promise<{ seen: Seen; memory: LookMemory }> {
  const looking = { remote, http, nowMs: clock.now().getTime(), mayConnect };
  const { answer, way, failed, memory } = await lookAtRegistry(looking, host, before.memory);
  const look = !answer.wasAsked ? 'blind' : isHealthy(answer) ? 'healthy' : 'unhealthy';
  metrics.count('look', { way, result: look });
  metrics.measure('lookDelay', {}, Math.max(0, lagMs) / 1000);
  metrics.set('hostBlind', { host: host.name }, look === 'blind' ? 1 : 0);
  log.debug(
    { host: host.name, look, way, at: looking.nowMs, lagMs, failed, why: answer.why },
    'checked a monitored host',
  );
  const now = clock.now();
  const at = now.toISOString();
  board.note(host.name, look === 'blind' ? { kind: look, since: at } : { kind: look, way, at });
  return { seen: { look, answer, now }, memory };
}

type Conclusion = Pick<Known, 'isDoubtful' | 'isMuted'> & {
  /** One that was open already. */
  readonly incident: Incident | null;
  readonly opened: Incident | null;
};

async function conclude(
  tx: RecordTransaction,
  context: WorkflowContext,
  { host, watch }: Watching,
  { isDoubtful, badSince, sight }: Known,
  seen: Seen,
): Promise<Conclusion> {
  const muted = await isMuted(tx, context, host.name);
  if (!muted || seen.look !== 'blind') await tellSight(tx, context, { host, watch }, sight, seen);
  const incident = await knownIncident(tx, context, host.name);
  const { next, act } = onLook(stateOf(incident, isDoubtful), seen.look);
  await noteLook(tx, host.name, incident, { ...seen, badSince: dateOf(badSince) });
  if (muted && isLongBlind(sight, watch, seen)) {
    const since = dateOf(sight.blindSince) ?? seen.now;
    await noteMutedFault(tx, { host: host.name, by: BY_WATCH, kind: 'blind', alertId: null, since }, seen.now);
  }
  if (act === 'open-incident' && muted) {
    await noteMutedFault(tx, { host: host.name, by: BY_WATCH, kind: 'watch', alertId: null }, seen.now);
    // The first look after its end opens the incident.
    return { isDoubtful: true, isMuted: true, incident: null, opened: null };
  }
  return {
    isDoubtful: next === 'unchanged' ? isDoubtful : next === 'doubtful',
    isMuted: false,
    incident: act === 'tell-healthy' ? null : incident,
    opened:
      act === 'open-incident' ? await openWatchIncident(tx, context, host.name, dateOf(badSince) ?? seen.now) : null,
  };
}

/** What the look means for what is open of the host already. */
async function noteLook(
  tx: RecordTransaction,
  host: HostName,
  incident: Incident | null,
  { look, now, badSince }: Seen & { readonly badSince: Date | null },
): Promise<void> {
  if (look !== 'blind') await endMutedFault(tx, { host, kind: 'blind', by: BY_WATCH }, now);
  if (look === 'healthy') {
    await endMutedFault(tx, { host, kind: 'watch', by: BY_WATCH }, now);
    // In whatever channel they are.
    await resolveOpenIncidents(tx, host, now, { by: 'watch', proof: 'own-word', badSince });
  } else if (look === 'unhealthy' && incident !== null) {
    await noteHealth(tx, incident, { health: 'bad', now });
  }
}

/** Tells once that the host can't be checked, and once that it can again. */
async function tellSight(
  tx: RecordTransaction,
  { settings }: WorkflowContext,
  { host, watch }: Pick<Watching, 'host' | 'watch'>,
  sight: Sight,
  { look, answer, now }: Seen,
): Promise<void> {
  if (look !== 'blind') return tellMonitoredAgain(tx, host.name, now);
  if (!isLongBlind(sight, watch, { look, now })) return;
  const since = new Date(sight.blindSince ?? now.getTime());
  const lastSeenAt = sight.lastSeenAt === null ? null : new Date(sight.lastSeenAt);
  const { why } = answer;
  await tellUnmonitored(tx, { host: host.name, channel: settings.incidentChannel, since, lastSeenAt, why }, now);
}

function isLongBlind(sight: Sight, watch: WatchSettings, { look, now }: Pick<Seen, 'look' | 'now'>): boolean {
  return look === 'blind' && tellInMs(sight, blindLimitMs(watch), now.getTime()) === 0;
}

function blindLimitMs({ blindMinutes }: WatchSettings): number {
  return blindMinutes * 60_000;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function stateOf(incident: Incident | null, isDoubtful: boolean): WatchState {
  if (incident) return { kind: 'incident', incidentId: incident.id };
  return isDoubtful ? { kind: 'doubtful' } : { kind: 'quiet' };
}

/** Null: the incident is in another channel. */
async function openWatchIncident(
  tx: RecordTransaction,
  context: WorkflowContext,
  host: HostName,
  badSince: Date,
): Promise<Incident | null> {
  const requestKey = `watch:${host}:${context.clock.now().toISOString()}`;
  const noticed = await noticeFault(tx, context, { host, by: BY_WATCH, requestKey, badSince });
  return noticed.kind === 'elsewhere' ? null : noticed.incident;
}

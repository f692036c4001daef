import type { Mute, MuteSource } from '../../model/quiet/mute.ts';
import { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import { parseLength } from '../../model/settings/length-of-time.ts';
import type { WorkflowContext } from '../context.ts';
import { beginMute, endMute } from '../incident/mutes.ts';
import { unknownHost } from '../incident/request-diagnosis.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { actorOf, type Requests } from '../requests.ts';
import { refusalToDiagnose } from '../review/authorization.ts';
import { sumUp } from './keep-mutes.ts';

type MuteRequest = Parameters<Requests['mute']>[0];
type UnmuteRequest = Parameters<Requests['unmute']>[0];

/**
 * `/registry mute HOST 2h reason`: nothing but this is told of the host until then. A second mute takes the place of the first.
 */
export async function requestMute(context: WorkflowContext, request: MuteRequest): Promise<PrivateAnswer> {
  const { store, clock, settings } = context;
  const host = await hostAskedFor(context, request);
  if (typeof host !== 'string') return host;
  const forMs = parseLength(request.lengthText);
  if (forMs === null) {
    return { kind: 'usage', problem: { code: 'not-a-length', text: request.lengthText }, hosts: [] };
  }
  const by = actorOf(request.by);
  const until = await store.transact(async (tx) => {
    const now = clock.now();
    const mutedUntil = (await tx.actByRequest('muted', request.requestKey, lastSentBefore(now)))?.outcome['until'];
    if (typeof mutedUntil === 'string') return mutedUntil;
    for (const mute of await mutesByPeople(tx, host)) await endMute(tx, mute, now, { by });
    const source = { kind: 'person', by, reason: request.reason } as const;
    const wanted = { host, source, until: new Date(now.getTime() + forMs).toISOString() };
    const { id } = await beginMute(tx, wanted, now, request.requestKey);
    const body = { kind: 'mute-notice', ...wanted } as const;
    await tx.putNotice({ key: `muted:${id}`, channel: settings.incidentChannel, body });
    return wanted.until;
  });
  return { kind: 'muted', host, until, isWatched: (settings.hosts.get(host)?.watch ?? null) !== null };
}

/** `/registry unmute HOST`: ends what people muted, and sums up what happened. Windows and silences stay. */
export async function requestUnmute(
  context: WorkflowContext,
  request: UnmuteRequest,
): Promise<{ readonly answer: PrivateAnswer; readonly opened: readonly Incident[] }> {
  const host = await hostAskedFor(context, request);
  if (typeof host !== 'string') return { answer: host, opened: [] };
  const { requestKey } = request;
  return context.store.transact(async (tx) => {
    const now = context.clock.now();
    const wasDone = (await tx.actByRequest('unmuted', requestKey, lastSentBefore(now))) !== null;
    const mutes = wasDone ? [] : await mutesByPeople(tx, host);
    for (const mute of mutes) await endMute(tx, mute, now, { by: actorOf(request.by), request: requestKey });
    const opened = await sumUp(tx, context, mutes);
    const sources = (await tx.openMutes(host)).map(({ source }) => source);
    // A mute by a person is newer than the request.
    const others: MuteSource[] = sources.filter(({ kind }) => kind !== 'person');
    return { answer: { kind: wasDone || mutes.length > 0 ? 'unmuted' : 'not-muted', host, others }, opened };
  });
}

/** Slack sends an event again for an hour. Another bot can get it then. */
const SENT_AGAIN_MS = 24 * 60 * 60 * 1000;

/** What was done before that was for another request. */
function lastSentBefore(now: Date): Date {
  return new Date(now.getTime() - SENT_AGAIN_MS);
}

/** Those who can request a diagnosis of the host can mute it. */
async function hostAskedFor(context: WorkflowContext, request: UnmuteRequest): Promise<HostName | PrivateAnswer> {
  const name = HostName.safeParse(request.hostText);
  const refusal = await refusalToDiagnose(context, name.data ?? null, request);
  if (refusal !== null) return refusal;
  if (!name.success || !context.settings.hosts.has(name.data)) return unknownHost(context, request);
  return name.data;
}

async function mutesByPeople(tx: RecordTransaction, host: HostName): Promise<readonly Mute[]> {
  return (await tx.openMutes(host)).filter(({ source }) => source.kind === 'person');
}

import { readMatchers, silencesHost } from '../../incident/quiet/silenced-hosts.ts';
import type { Mute } from '../../model/quiet/mute.ts';
import type { Silence } from '../../model/quiet/silence.ts';
import type { AlertSourceName } from '../../model/record/alert.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import type { WorkflowContext } from '../context.ts';
import { beginMute, endMute, isSameMute, type WantedMute } from '../incident/mutes.ts';
import type { SilenceReader } from '../ports/alerts.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { sumUp } from './keep-mutes.ts';

type OnOpened = (incident: Incident) => void;

/** Mutes the hosts that the silences of this Alertmanager cover. Again after each `pause`, until `stop`. */
export async function readSilencesUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  { source, reader, pause }: { source: AlertSourceSettings; reader: SilenceReader; pause: () => Promise<void> },
  onOpened: OnOpened,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await readSilences(context, source, reader, onOpened);
    } catch (error) {
      context.log.error(
        { err: error, source: source.name },
        'silences could not be put on record; the next try follows',
      );
    }
    await pause();
  }
}

/** Reads them once. An Alertmanager that gives no answer silences nothing. */
export async function readSilences(
  context: WorkflowContext,
  source: AlertSourceSettings,
  reader: SilenceReader,
  onOpened: OnOpened,
): Promise<void> {
  const { store, log, metrics } = context;
  const silences = await reader.activeSilences(source);
  metrics.count('silenceRead', { result: silences === null ? 'failed' : 'read' });
  if (silences === null)
    log.warn({ source: source.name }, 'an Alertmanager gave no silences: nothing is silenced by it');
  const wanted = wantedMutes(context, source, silences ?? []);
  const opened = await store.transact((tx) => followSilences(tx, context, source.name, wanted));
  for (const incident of opened) onOpened(incident);
}

function wantedMutes(
  { settings, log }: WorkflowContext,
  { name, hostLabel }: AlertSourceSettings,
  silences: readonly Silence[],
): readonly WantedMute[] {
  return silences.flatMap(({ id, endsAt, matchers }) => {
    const read = readMatchers(matchers);
    if (read === null) {
      log.warn({ source: name, silence: id }, 'a silence has a matcher that can’t be read: nothing is silenced by it');
      return [];
    }
    const hosts = [...settings.hosts.values()].filter((host) => silencesHost(read, host, hostLabel));
    const mute = { source: { kind: 'silence', source: name, id }, until: endsAt } as const;
    return hosts.map((host) => ({ ...mute, host: host.name }));
  });
}

async function followSilences(
  tx: RecordTransaction,
  context: WorkflowContext,
  source: AlertSourceName,
  wanted: readonly WantedMute[],
): Promise<readonly Incident[]> {
  const now = context.clock.now();
  const open = (await tx.openMutes()).filter((mute) => isOf(mute, source));
  for (const mute of wanted) {
    const same = open.find((other) => isSameMute(mute, other));
    if (same === undefined) await beginMute(tx, mute, now);
    else if (mute.until !== null && mute.until !== same.until) await tx.extendMute(same.id, mute.until);
  }
  const over = open.filter((mute) => !wanted.some((other) => isSameMute(mute, other)));
  for (const mute of over) await endMute(tx, mute, now);
  return sumUp(tx, context, over);
}

function isOf({ source }: Mute, name: AlertSourceName): boolean {
  return source.kind === 'silence' && source.source === name;
}

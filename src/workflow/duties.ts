import type { Incident } from '../model/record/incident.ts';
import type { AlertSourceSettings } from '../model/settings/alert-settings.ts';
import { takeUpAlertsUntil } from './alerts/take-up-alerts.ts';
import type { WorkflowContext } from './context.ts';
import type { Wake } from './delivery/wake.ts';
import type { Run } from './jobs/jobs.ts';
import { callPeopleUntil } from './plan/call-people.ts';
import { expirePlansUntil } from './plan/expire-plans.ts';
import type { SilenceReader } from './ports/alerts.ts';
import type { RegistryHttp } from './ports/host.ts';
import type { Checkpoints } from './ports/witnesses.ts';
import { keepQuietUntil } from './quiet/keep-mutes.ts';
import { readSilencesUntil } from './quiet/read-silences.ts';
import { dropDetailsUntil } from './record/drop-details.ts';
import { sendEntriesUntil } from './record/send-entries.ts';
import type { Sending } from './record/send-some.ts';
import { lookAtFleetUntil } from './watch/look-at-fleet.ts';
import type { LookTurns } from './watch/look-turns.ts';
import { keepCheckpointsUntil } from './witness/keep-checkpoints.ts';

/** How late a mute, a maintenance window or flapping can be seen to begin or end. */
const MUTES_EVERY_MS = 10_000;
const SILENCES_EVERY_MS = 30_000;
/** What comes in a storm of alerts is taken up together. */
const ALERTS_PAUSE_MS = 200;
/** An alert that waits for a diagnosis to end is looked at again within this time. */
const WAITING_ALERTS_EVERY_MS = 1_000;

export type DutyNeeds = {
  readonly http: RegistryHttp;
  readonly checkpoints: Pick<Checkpoints, 'keep'>;
  /** Sends the record to a collector. Absent: it is sent nowhere. */
  readonly sending?: Sending | undefined;
  /** How long details are kept. Null: for ever. */
  readonly detailsDays: number | null;
  readonly silences: { readonly reader: SilenceReader; readonly sources: readonly AlertSourceSettings[] };
};

/** What the duties share with the rest of the bot. */
type DutyShared = {
  readonly turns: LookTurns;
  /** Rings when alerts were received. */
  readonly alerts: Wake;
  /** How often alerts are looked for that no ring told of. */
  readonly alertsEveryMs: number;
  /** Rings when the settings are others. */
  readonly newSettings: Wake;
  /** Starts the diagnosis of an incident. */
  readonly diagnose: (incident: Incident) => void;
};

/** What is done all the time, by one of the bots of a record, under its name. */
export function dutiesOf(
  context: WorkflowContext,
  { http, checkpoints, sending, detailsDays, silences }: DutyNeeds,
  { turns, alerts, alertsEveryMs, newSettings, diagnose }: DutyShared,
): ReadonlyMap<string, Run> {
  const { clock } = context;
  const duties = new Map<string, Run>([
    ['expiring plans', ({ stop }) => expirePlansUntil(stop, context)],
    ['keeping checkpoints', ({ stop }) => keepCheckpointsUntil(stop, context, checkpoints)],
    ['dropping details', ({ stop }) => dropDetailsUntil(stop, context, detailsDays)],
    ['calling people', ({ stop }) => callPeopleUntil(stop, context)],
    [
      'looking at the fleet',
      ({ stop }) => {
        const pause = (ms: number) => newSettings.wait(clock, ms, stop);
        return lookAtFleetUntil(stop, context, { http, turns, pause });
      },
    ],
    [
      'taking up alerts',
      ({ stop }) => {
        const pause = async (isAlertWaiting: boolean) => {
          await clock.sleep(ALERTS_PAUSE_MS, stop);
          await alerts.wait(clock, isAlertWaiting ? WAITING_ALERTS_EVERY_MS : alertsEveryMs, stop);
        };
        return takeUpAlertsUntil(stop, context, pause, diagnose);
      },
    ],
    [
      'keeping mutes',
      ({ stop }) => {
        const silencedBy = silences.sources.map(({ name }) => name);
        const pause = () => clock.sleep(MUTES_EVERY_MS, stop);
        return keepQuietUntil(stop, context, { pause, silencedBy }, diagnose);
      },
    ],
  ]);
  if (sending !== undefined) duties.set('sending entries', ({ stop }) => sendEntriesUntil(stop, context, sending));
  for (const source of silences.sources) {
    duties.set(`reading the silences of ${source.name}`, ({ stop }) => {
      const pause = () => clock.sleep(SILENCES_EVERY_MS, stop);
      return readSilencesUntil(stop, context, { source, reader: silences.reader, pause }, diagnose);
    });
  }
  return duties;
}

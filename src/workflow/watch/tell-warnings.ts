import { type HostLook, warningsOf } from '../../incident/watch/fleet-report.ts';
import type { HostWarnings } from '../../model/fleet/fleet-look.ts';
import type { Settings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { isMuted } from '../incident/mutes.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { utcDay } from '../record/utc-day.ts';

/**
 * Tells in the incident channel what a deeper look saw that breaks nothing yet, once for as long as it lasts. With the nightly look on, that
 * tells it. Resolves with all that is told by then; a warning that is gone and comes back is told again.
 *
 * @param told since the start. A restart repeats nothing on the same day.
 */
export async function tellWarnings(
  tx: RecordTransaction,
  context: WorkflowContext,
  look: HostLook,
  told: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { settings, clock } = context;
  const now = clock.now();
  // The others are not known to be healthy, and the post says that.
  if (look.diagnosis?.verdict !== 'healthy') return told;
  const body = tellsWarnings(settings) ? warningsOf(look, now) : null;
  if (body === null) return new Set();
  if (await isMuted(tx, context, look.host)) return told;
  const names = namesOf(body);
  const news = names.filter((name) => !told.has(name));
  const key = `warnings:${look.host}:${utcDay(now)}:${news.join(',')}`;
  if (news.length > 0 && (await tx.deliveryOfMessage(key)) === null) {
    await tx.putNotice({ key, channel: settings.incidentChannel, body });
  }
  return new Set(names);
}

/** Whether deeper looks tell them: the nightly look is off. */
export function tellsWarnings({ fleetLook }: Pick<Settings, 'fleetLook'>): boolean {
  return fleetLook === null;
}

function namesOf({ notLasting, warnings, expiring }: HostWarnings): readonly string[] {
  return [
    ...[...notLasting.lines, ...warnings.lines].map(({ finding }) => finding.id),
    ...expiring.lines.map(({ what, endsAt }) => `${what}-${endsAt}`),
  ].toSorted();
}

import { isDeepStrictEqual } from 'node:util';
import { isQuiet } from '../../incident/quiet/quiet-hours.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { OnCall } from '../../model/record/messages/people.ts';
import type { Settings } from '../../model/settings/settings.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { statusKey } from '../record/summary-message.ts';

/** Who is on call for the host, and whether their quiet hours hold now. Null: the config names no one. */
export function onCallFor({ hosts }: Settings, host: HostName, now: Date): OnCall | null {
  const policy = hosts.get(host)?.policy;
  if (policy === undefined || policy.onCall === null) return null;
  const { users, groups } = policy.onCall;
  if (users.length + groups.length === 0) return null;
  const isQuietNow = policy.quietHours !== null && isQuiet(policy.quietHours, now);
  return { users: [...users], groups: [...groups], isQuiet: isQuietNow };
}

/** Enough to find who was called, however many incidents there are. */
const LOOKED_AT = 200;

/** Whether another open incident of the same group has called the same people: one call is enough for all of them. */
export async function isCalledInGroup(tx: RecordTransaction, { id }: Incident, onCall: OnCall): Promise<boolean> {
  const group = await tx.groupOf(id);
  if (group === null) return false;
  for (const member of await tx.groupMembers(group, LOOKED_AT)) {
    const body = member.id === id ? undefined : (await tx.message(statusKey(member.id)))?.body;
    if (body?.kind === 'status' && body.isOpen && isDeepStrictEqual(body.onCall, onCall)) return true;
  }
  return false;
}

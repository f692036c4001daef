import { isQuiet } from '../../incident/quiet-hours.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { OnCall } from '../../model/record/thread-message.ts';
import type { Settings } from '../../model/settings/settings.ts';

/** Who is on call for the host, and whether their quiet hours hold now. Null: the config names no one. */
export function onCallFor({ hosts }: Settings, host: HostName, now: Date): OnCall | null {
  const policy = hosts.get(host)?.policy;
  if (policy === undefined || policy.onCall === null) return null;
  const { users, groups } = policy.onCall;
  if (users.length + groups.length === 0) return null;
  const isQuietNow = policy.quietHours !== null && isQuiet(policy.quietHours, now);
  return { users: [...users], groups: [...groups], isQuiet: isQuietNow };
}

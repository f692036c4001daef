import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';

/** Whether the host is entered by the words by which it was entered when the plan was made: the config may name another container by now, or none. */
export function isMadeWhere({ enteredBy = [] }: Plan, { enter }: HostSettings): boolean {
  return enteredBy.length === enter.length && enteredBy.every((word, index) => word === enter[index]);
}

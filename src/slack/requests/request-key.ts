import type { TeamId } from '../../model/record/ids.ts';

/** The same for each time that Slack sends a request. `id`: its trigger id, or its event id. */
export function requestKeyOf(team: TeamId, id: string): string {
  return `slack:${team}:${id}`;
}

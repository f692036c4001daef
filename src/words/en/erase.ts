import type { HostName, IncidentId } from '../../model/record/ids.ts';
import type { Removal } from '../../model/record/record.ts';
import { clock } from '../moment.ts';
import { allOfWords } from './lists.ts';
import { count } from './time.ts';

/** `audit erase`, and what `audit verify` says of what was removed. */

export const NOT_ONE_OF_BOTH = 'Name one of --incident and --person. Nothing was erased.';

/** `apart`: messages that belong to no incident. */
type Found = {
  readonly values: number;
  readonly diagnoses: number;
  readonly incidents: number;
  readonly apart: number;
};

/** What would be erased, without --yes. */
export function wouldErase(found: Found): string {
  return `${whatIsRemoved(found)} and ${keptBeside(found)} would be erased for good. Nothing was erased. Run it again with --yes.`;
}

export function erased(found: Found, entry: number): string {
  return `Erased: ${whatIsRemoved(found)} and ${keptBeside(found)}. Entry ${entry} says so. Delete what Slack still shows there, and backups made before.`;
}

function keptBeside({ incidents, apart }: Found): string {
  const others = apart === 0 ? '' : ` and ${count(apart, 'message')} of no incident`;
  return `the messages and alerts kept with ${count(incidents, 'incident')}${others}`;
}

export const NOTHING_FOUND = 'The record holds nothing of that. Nothing was erased.';

/** What has to end first. `waiting`: how many posts. */
type Unfinished = {
  readonly unfinished: readonly IncidentId[];
  readonly muted: readonly HostName[];
  readonly waiting: number;
};

export function unfinished({ unfinished: incidents, muted, waiting }: Unfinished): string {
  const open =
    incidents.length === 0
      ? []
      : [
          `${incidents.length === 1 ? 'incident' : 'incidents'} ${allOfWords(incidents.map(String))} can still change or wait for Slack`,
        ];
  const mutes = muted.length === 0 ? [] : [`${allOfWords(muted)} is still muted by them`];
  const posts =
    waiting === 0
      ? []
      : [
          `${count(waiting, 'post')} that ${waiting === 1 ? 'names' : 'name'} them ${waiting === 1 ? 'waits' : 'wait'} for Slack`,
        ];
  return `Nothing was erased: ${allOfWords([...open, ...mutes, ...posts])}. Run it again after that has ended.`;
}

/** An entry that says what was removed. */
export function removal({ sequence, at, act, values, diagnoses }: Removal): string {
  const what = whatIsRemoved({ values, diagnoses });
  return act === 'erased'
    ? `Erased on record: ${what}, by entry ${sequence} of ${clock({ kind: 'time', at, precision: 'date-and-time' })}.`
    : `Dropped on record, by age: ${what}, by entry ${sequence} of ${clock({ kind: 'time', at, precision: 'date-and-time' })}.`;
}

export function moreRemovals(more: number): string {
  return `${count(more, 'earlier entry', 'earlier entries')} of that kind.`;
}

function whatIsRemoved({ values, diagnoses }: Pick<Found, 'values' | 'diagnoses'>): string {
  return `${count(values, 'name or text', 'names and texts')}, ${count(diagnoses, 'diagnosis', 'diagnoses')}`;
}

import { type StateSeen, stateSeen } from '../../model/plan/state-seen.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { count } from './time.ts';

/** What a directory or file is or should be, behind “is” or “expected”: `0750`, “not there”. */
export function stateClause(text: string): Phrase {
  const state = stateSeen(text);
  switch (state.code) {
    case 'value':
      return [code(state.value)];
    case 'inode':
      return say`inode ${code(state.inode)}`;
    case 'entries':
      return say`${entries(state.count)} of ${code(state.of)}`;
    case 'other-entries':
      return say`${entries(state.count)}, not the listed ones`;
    default:
      return say`${STATES[state.code]}`;
  }
}

function entries(amount: number): string {
  return count(amount, 'entry', 'entries');
}

type Alone = Exclude<StateSeen, { value: string } | { inode: string } | { count: number }>['code'];

const STATES: Record<Alone, string> = {
  'not-there': 'not there',
  unseen: 'out of sight',
  unreadable: 'not readable',
  'other-directory': 'another directory',
  'other-file': 'another file',
  mixed: 'some of both',
  'no-acl': 'without an ACL',
  'other-entries-uncounted': 'other entries',
};

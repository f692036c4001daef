import { type TargetState, targetState } from '../../model/plan/target-state.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { count } from './time.ts';

/** What a directory or file is or should be, behind “is” or “expected”: `0750`, “not there”. */
export function stateClause(text: string): Phrase {
  const state = targetState(text);
  switch (state.code) {
    case 'value':
      return [code(state.value)];
    case 'inode':
      return say`inode ${code(state.fileId)}`;
    case 'entries':
      return say`${entries(state.count)} of ${code(state.ownerOrMode)}`;
    case 'other-entries':
      return say`${entries(state.count)}, not the listed ones`;
    default:
      return say`${STATES[state.code]}`;
  }
}

function entries(amount: number): string {
  return count(amount, 'entry', 'entries');
}

type StateWithoutValue = Exclude<TargetState, { value: string } | { fileId: string } | { count: number }>['code'];

const STATES: Record<StateWithoutValue, string> = {
  'not-there': 'not there',
  unseen: 'couldn’t be opened',
  unreadable: 'not readable',
  'other-directory': 'another directory',
  'other-file': 'another file',
  mixed: 'partly changed',
  'no-acl': 'without an ACL',
  'other-entries-uncounted': 'other entries',
};

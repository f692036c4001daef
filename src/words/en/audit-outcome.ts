import type { ApplyOutcome, Verification } from '../../model/plan/execution.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import { isErased } from '../../model/record/erasable.ts';
import { FileDigests } from '../../model/settings/config-change.ts';
import { shortHash } from '../short-hash.ts';
import { entryReason } from './entry-reason.ts';
import { count, duration } from './time.ts';

type Value = AuditEntry['outcome'][string];

/**
 * The result of an action, in a few words for a line of `audit list`: “faulty, untraversable-ancestor, after 0.3 s”. Hashes, signatures and
 * states stay with `audit export`, which has the whole entry.
 */
export function auditOutcome(entry: Pick<AuditEntry, 'act' | 'outcome'>): string {
  const { outcome } = entry;
  const { approval, needed } = outcome;
  const parts = Object.entries(SHOWN).map(([key, show]) => {
    const value = outcome[key];
    return value === undefined ? '' : show(value);
  });
  const approvals =
    typeof approval === 'number' && typeof needed === 'number' ? `approval ${approval} of ${needed}` : '';
  return [...parts, entryReason(entry) ?? '', approvals].filter((part) => part !== '').join(', ');
}

const KINDS: Readonly<Record<ApplyOutcome['kind'], string>> = {
  applied: 'applied',
  stale: 'out of date',
  undone: 'rolled back',
  refused: 'refused',
  'undo-failed': 'could not be rolled back',
  'never-started': 'never started',
  running: 'running',
  unknown: 'outcome unknown',
};

const REGISTRY: Readonly<Record<Verification['kind'], string>> = {
  well: 'registry healthy',
  'not-well': 'registry unhealthy',
  'not-asked': 'registry not asked',
};

/** In the order in which they are shown. */
const SHOWN: Readonly<Record<string, (value: Value) => string>> = {
  host: plain,
  verdict: plain,
  kind: oneOf(KINDS),
  registry: oneOf(REGISTRY),
  findings: (value) => (Array.isArray(value) ? value.map(plain).join(', ') : plain(value)),
  steps: (value) => count(Array.isArray(value) ? value.length : Number(value), 'step'),
  risk: (value) => `${plain(value)} risk`,
  undoes: (value) => `undoes plan ${plain(value)}`,
  breakGlass: () => 'break glass',
  window: (value) => `maintenance ${plain(value)}`,
  silence: (value) => `silence ${plain(value)}`,
  noticed: () => 'could not be checked',
  until: (value) => `until ${plain(value)}`,
  changes: (value) => count(Number(value), 'change'),
  checkpointOutside: (value) => `checkpoint over ${count(Number(value), 'entry', 'entries')} outside`,
  since: (value) => `since ${plain(value)}`,
  reason: plain,
  refused: (value) => (isErased(value) ? plain(value) : ''),
  called: named('called'),
  foundAt: oneOf({ start: 'found at the start' }),
  digests: fileChange,
  added: named('added'),
  removed: named('removed'),
  changed: named('changed'),
  keys: named('other keys'),
  atRestart: named('after a restart'),
  durationMs: elapsed,
  afterMs: elapsed,
  numbers: downTime,
};

/** A word of the record as people read it; one that is not known stays as it is. */
function oneOf(words: Readonly<Record<string, string>>): (value: Value) => string {
  return (value) => (typeof value === 'string' ? (words[value] ?? value) : plain(value));
}

function plain(value: Value): string {
  if (isErased(value)) return 'erased';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Which file took the place of which, by their digests. */
function fileChange(value: Value): string {
  const digests = FileDigests.safeParse(value).data;
  if (digests === undefined) return plain(value);
  const { before, after } = digests;
  if (before === undefined) return `file ${shortHash(after)}, no earlier one known`;
  return before === after ? `same file ${shortHash(after)}` : `file ${shortHash(before)} → ${shortHash(after)}`;
}

/** Of the numbers of an incident only the first: `audit export` has them all. */
function downTime(value: Value): string {
  const downMs = ClosingNumbers.safeParse(value).data?.downMs;
  return downMs === undefined ? '' : `registry down for ${duration(downMs)}`;
}

function named(what: string): (value: Value) => string {
  return (value) => `${what}: ${Array.isArray(value) ? value.map(plain).join(' ') : plain(value)}`;
}

function elapsed(value: Value): string {
  return typeof value === 'number' ? `after ${duration(value)}` : plain(value);
}

import { textFromBytes } from '../../model/host/host-path.ts';
import { ApplyOutcome } from '../../model/plan/execution.ts';
import { FieldValues, shortText } from '../frame/field-values.ts';
import { MalformedOutput, orMalformed } from '../frame/malformed-output.ts';
import { parseGuardReason } from '../frame/parse-guard-reason.ts';
import { type OutputField, readFields } from '../frame/read-fields.ts';
import { pathFrom } from '../probe/place/parse-nodes.ts';
import { parseTryResult } from '../probe/place/parse-tries.ts';

/** The longest text of a mode, an owner or an ACL that is kept. A list of ACL entries can be this long. */
const MAX_STATE = 1_000;

/**
 * Parses the guard's answer to `applyRequest` and to `outcomeRequest`. An incomplete answer gives the outcome
 * `unknown`, to be asked for again. Never throws for what a host printed.
 */
export function parseApplyOutcome(raw: Uint8Array, nonce: string): ApplyOutcome {
  const parsed = orMalformed(() => {
    const outputFields = readFields(raw, { script: 'apply', nonce });
    return ApplyOutcome.parse(outcomeFrom(new FieldValues(outputFields), outputFields));
  });
  if (parsed.kind !== 'malformed') return parsed;
  return { kind: 'unknown', why: { code: 'no-answer', why: { code: 'malformed', why: parsed.why } } };
}

function outcomeFrom(fields: FieldValues, outputFields: readonly OutputField[]): unknown {
  const kind = fields.text('kind');
  const why = () => parseGuardReason(fields.text('why'));
  switch (kind) {
    case 'applied':
      return { kind, steps: stepsFrom(outputFields), tried: parseTryResult(fields.text('tried')) };
    case 'stale':
      return {
        kind,
        path: pathFrom(fields.bytes('path')),
        expected: shortText(fields.text('expected'), MAX_STATE),
        found: shortText(fields.text('found'), MAX_STATE),
      };
    case 'undone':
    case 'undo-failed':
      return { kind, why: why(), steps: stepsFrom(outputFields) };
    case 'refused':
    case 'unknown':
      return { kind, why: why() };
    default:
      return { kind };
  }
}

/** The keys of the fields of one step, in this order. */
const STEP_KEYS = ['step-path', 'step-before', 'step-after', 'step-was', 'step-is', 'step-list'] as const;

function stepsFrom(outputFields: readonly OutputField[]): unknown[] {
  const values = outputFields.filter(({ key }) => key.startsWith('step-'));
  const isWhole = values.every(({ key }, index) => key === STEP_KEYS[index % STEP_KEYS.length]);
  if (!isWhole || values.length % STEP_KEYS.length !== 0) throw new MalformedOutput('unreadable', 'steps');
  return values.flatMap(({ key }, index) => (key === 'step-path' ? [stepFrom(values.slice(index))] : []));
}

function stepFrom([path, before, after, was, is, list]: readonly OutputField[]): unknown {
  const text = (field: OutputField | undefined) => textFromBytes(field?.value ?? new Uint8Array());
  return {
    path: pathFrom(path?.value ?? new Uint8Array()),
    before: text(before),
    after: text(after),
    was: stateFrom(text(was)),
    is: stateFrom(text(is)),
    ...savedListFrom(text(list)),
  };
}

/** The state of a directory: `MODE UID:GID ACL`, or another text if it could not be read. */
function stateFrom(text: string): unknown {
  const [, mode, uid, gid, acl] = /^([0-7]{4}) (\d{1,10}):(\d{1,10}) (\S+)$/.exec(text) ?? [];
  return mode === undefined ? null : { mode, uid: Number(uid), gid: Number(gid), acl: acl === '-' ? null : acl };
}

function savedListFrom(text: string): { savedList?: unknown } {
  const [, file, digest] = /^(\/\S+) ([0-9a-f]{64})$/.exec(text) ?? [];
  return file === undefined ? {} : { savedList: { file, digest } };
}

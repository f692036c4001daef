import { ApplyOutcome, type StepRecord } from '../model/execution.ts';
import { textFromBytes } from '../model/host-path.ts';
import { MalformedOutput, orMalformed } from './malformed-output.ts';
import { pathFrom } from './parse-nodes.ts';
import { parseTryResult } from './parse-tries.ts';
import { type HostRecord, readRecords } from './read-records.ts';
import { RecordFields, shortWhy } from './record-fields.ts';

/**
 * Reads the output of `applyScript` and of `outcomeScript`. What is not whole tells nothing of the plan: it is `unknown`,
 * to be asked again. Never throws for what a host printed.
 */
export function parseApplyOutcome(raw: Uint8Array, nonce: string): ApplyOutcome {
  const parsed = orMalformed(() => {
    const records = readRecords(raw, { script: 'apply', nonce });
    return ApplyOutcome.parse(outcomeFrom(new RecordFields(records), records));
  });
  return parsed.kind === 'malformed' ? { kind: 'unknown', why: parsed.why } : parsed;
}

function outcomeFrom(fields: RecordFields, records: readonly HostRecord[]): unknown {
  const kind = fields.text('kind');
  const why = () => shortWhy(fields.text('why'));
  switch (kind) {
    case 'applied':
      return { kind, steps: stepsFrom(records), tried: parseTryResult(fields.text('tried')) };
    case 'stale':
      return {
        kind,
        path: pathFrom(fields.bytes('path')),
        expected: fields.text('expected'),
        found: fields.text('found'),
      };
    case 'undone':
    case 'undo-failed':
      return { kind, why: why(), steps: stepsFrom(records) };
    case 'refused':
    case 'unknown':
      return { kind, why: why() };
    default:
      return { kind };
  }
}

/** Three records a step, in this order. */
const STEP_KEYS = ['step-path', 'step-before', 'step-after'];

function stepsFrom(records: readonly HostRecord[]): StepRecord[] {
  const values = records.filter(({ key }) => STEP_KEYS.includes(key));
  if (values.some(({ key }, index) => key !== STEP_KEYS[index % STEP_KEYS.length]) || values.length % 3 !== 0) {
    throw new MalformedOutput('the steps cannot be read');
  }
  const text = (index: number) => textFromBytes(values[index]?.value ?? new Uint8Array());
  return values.flatMap(({ key, value }, index) =>
    key === 'step-path' ? [{ path: pathFrom(value), before: text(index + 1), after: text(index + 2) }] : [],
  );
}

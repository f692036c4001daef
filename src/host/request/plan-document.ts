import type { z } from 'zod';
import { bytesFromText } from '../../model/host/host-path.ts';
import type { AlsoUsed, Plan, PlanStep } from '../../model/plan/plan.ts';
import {
  type PlanDocument,
  PlanDocumentAlso,
  PlanDocumentHead,
  PlanDocumentStep,
  STEP_KEYS,
} from '../../model/plan/plan-document.ts';
import { documentValue, readDocumentValue } from './document-value.ts';

/** The first line of a plan document: the name and the number of its format. */
export const PLAN_DOCUMENT_FORM = 'registry-doctor-plan/2';

/**
 * How much longer a plan is valid on the host, for the time between the probe and the sealed plan, and between bot and
 * host.
 */
const GRACE_SECONDS = 30;

/**
 * Writes a sealed plan as the host accepts it and as it is signed: ASCII, one `KEY VALUE` a line, always all keys in this
 * order. Values are written by {@link documentValue}. The same plan always gives the same bytes.
 */
export function planDocument(plan: Plan): string {
  const { identity } = plan;
  const lines = [
    PLAN_DOCUMENT_FORM,
    line('plan', plan.id),
    line('hash', hexOf(plan.hash)),
    line('undoes', plan.undoes === undefined ? '' : hexOf(plan.undoes.hash)),
    line('host', plan.host),
    line('hostname', plan.hostname),
    line('boot', plan.bootId ?? ''),
    line('until-uptime', untilUptime(plan)),
    line('expires', plan.expiresAt),
    line('nonce', plan.nonce),
    line('risk', plan.risk),
    line('root', plan.storageRoot === null ? '' : bytesFromText(plan.storageRoot)),
    line('uid', String(identity.uid)),
    line('gid', String(identity.gid)),
    line('groups', identity.groups.join(',')),
    line('override', identity.dacOverride ? '1' : '0'),
    line('search', identity.dacReadSearch ? '1' : '0'),
    line('process', plan.process === undefined ? '' : `${plan.process.pid}:${plan.process.startTicks}`),
    line('also', String(plan.also?.length ?? 0)),
    line('steps', String(plan.steps.length)),
    ...(plan.also ?? []).flatMap(alsoLines),
    ...plan.steps.flatMap(stepLines),
    'end',
  ];
  return `${lines.join('\n')}\n`;
}

function alsoLines({ use, secret, path }: AlsoUsed): readonly string[] {
  return [line('use', use), line('secret', secret ? '1' : '0'), line('at', bytesFromText(path))];
}

function stepLines(step: PlanStep, index: number): readonly string[] {
  const { precondition } = step;
  const tree = step.action === 'setfacl' ? undefined : step.tree;
  return [
    line('step', String(index + 1)),
    line('action', step.action),
    line('path', bytesFromText(step.path)),
    line('device', precondition.device),
    line('inode', precondition.inode),
    line('mode', precondition.mode),
    line('owner', `${precondition.uid}:${precondition.gid}`),
    line('acl', precondition.acl ?? ''),
    line('from', step.from),
    line('to', step.to),
    line('entries', tree === undefined ? '' : String(tree.entries)),
    line('digest', tree?.digest ?? ''),
    line('kind', kindOf(step) ?? ''),
  ];
}

/**
 * What a step changes: for a tree step, the kind of the tree's entries; for any other step, `file`, or undefined for a
 * directory. A chown has no kind in the document, so it is always undefined.
 */
function kindOf(step: PlanStep): 'directory' | 'file' | undefined {
  switch (step.action) {
    case 'chmod':
      return step.tree?.kind ?? step.kind;
    case 'setfacl':
      return step.kind;
    case 'chown':
      return undefined;
  }
}

/**
 * The host's uptime at which the plan expires. So a change of the host's clock, for example after a power cut, neither
 * ends nor prolongs the plan.
 */
function untilUptime({ uptimeSeconds, createdAt, expiresAt }: Plan): string {
  if (uptimeSeconds === undefined) return '';
  const lifeSeconds = (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
  return String(Math.ceil(uptimeSeconds + lifeSeconds) + GRACE_SECONDS);
}

function hexOf(hash: Plan['hash']): string {
  return hash.slice('sha256:'.length);
}

function line(key: string, value: string | Uint8Array): string {
  return `${key} ${documentValue(value)}`;
}

/** A parsed plan document, or the first line that is wrong in it. */
export type PlanDocumentReading =
  | { readonly kind: 'document'; readonly document: PlanDocument }
  /** `line` starts at 1. `expected` is the key, or the whole line if it has no key. */
  | { readonly kind: 'malformed'; readonly line: number; readonly expected: string };

/**
 * Parses exactly what {@link planDocument} writes: keys, order, the one way to write each value, and nothing before or
 * after.
 */
export function parsePlanDocument(text: string): PlanDocumentReading {
  const lines = text.split('\n');
  if (lines[0] !== PLAN_DOCUMENT_FORM) return malformed(0, PLAN_DOCUMENT_FORM);
  const head = readFields(lines, 1, HEAD_KEYS, PlanDocumentHead);
  if (head.kind === 'malformed') return head;
  let index = 1 + HEAD_KEYS.length;
  const alsoUsed: PlanDocumentAlso[] = [];
  while (alsoUsed.length < head.fields.also) {
    const used = readFields(lines, index, ALSO_KEYS, PlanDocumentAlso);
    if (used.kind === 'malformed') return used;
    alsoUsed.push(used.fields);
    index += ALSO_KEYS.length;
  }
  const steps: PlanDocumentStep[] = [];
  for (let number = 1; number <= head.fields.steps; number += 1) {
    const step = readFields(lines, index, STEP_KEYS, PlanDocumentStep);
    if (step.kind === 'malformed') return step;
    if (step.fields.step !== number) return malformed(index, 'step');
    steps.push(step.fields);
    index += STEP_KEYS.length;
  }
  if (lines[index] !== 'end') return malformed(index, 'end');
  if (lines[index + 1] !== '' || lines.length !== index + 2) return malformed(index + 1, '');
  return { kind: 'document', document: { head: head.fields, also: alsoUsed, steps } };
}

/**
 * Restores a text that was pasted from a window, a mail or a message: normalizes line ends, and removes trailing blanks
 * and surrounding blank lines.
 */
export function normalizePasted(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trimEnd());
  return `${lines.join('\n').trim()}\n`;
}

const HEAD_KEYS = Object.keys(PlanDocumentHead.shape);
const ALSO_KEYS = Object.keys(PlanDocumentAlso.shape);

type Malformed = Extract<PlanDocumentReading, { kind: 'malformed' }>;

/** Reads the fields from the lines that start at index `start`, one for each key in order. */
function readFields<S extends z.ZodType>(lines: readonly string[], start: number, keys: readonly string[], schema: S) {
  const fields: Record<string, string | null> = {};
  for (const [offset, key] of keys.entries()) {
    const written = lines[start + offset] ?? '';
    const value = written.startsWith(`${key} `) ? readDocumentValue(written.slice(key.length + 1)) : undefined;
    if (value === undefined) return malformed(start + offset, key);
    fields[key] = value;
  }
  const parsed = schema.safeParse(fields);
  if (parsed.success) return { kind: 'fields', fields: parsed.data } as const;
  const key = String(parsed.error.issues[0]?.path[0] ?? keys[0]);
  return malformed(start + keys.indexOf(key), key);
}

function malformed(index: number, expected: string): Malformed {
  return { kind: 'malformed', line: index + 1, expected };
}

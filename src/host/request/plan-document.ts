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

/** The first line of a plan document. Another format has another number. */
export const PLAN_DOCUMENT_FORM = 'registry-doctor-plan/2';

/** Time passes between the probe and the sealing of its plan, and between the bot and the host. */
const GRACE_SECONDS = 30;

/**
 * A sealed plan as the host accepts it and as it is signed: ASCII, one `KEY VALUE` a line, always all keys in this
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
 * The kind of entries that a tree step changes. For other steps: the file at the path, or undefined for a directory.
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
 * By the host's own clock since its boot: a change of the time, for example after a power cut, neither ends nor
 * prolongs a plan.
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

export type PlanDocumentReading =
  | { readonly kind: 'document'; readonly document: PlanDocument }
  /** `line` starts at 1. `expected` is the key, or the whole line if it has none. */
  | { readonly kind: 'malformed'; readonly line: number; readonly expected: string };

/**
 * Accepts exactly what {@link planDocument} writes: keys, order, the one form of each value, nothing before or after
 * it.
 */
export function parsePlanDocument(text: string): PlanDocumentReading {
  const lines = text.split('\n');
  if (lines[0] !== PLAN_DOCUMENT_FORM) return malformed(0, PLAN_DOCUMENT_FORM);
  const head = readFields(lines, 1, HEAD_KEYS, PlanDocumentHead);
  if (head.kind === 'malformed') return head;
  let at = 1 + HEAD_KEYS.length;
  const also: PlanDocumentAlso[] = [];
  while (also.length < head.fields.also) {
    const used = readFields(lines, at, ALSO_KEYS, PlanDocumentAlso);
    if (used.kind === 'malformed') return used;
    also.push(used.fields);
    at += ALSO_KEYS.length;
  }
  const steps: PlanDocumentStep[] = [];
  for (let number = 1; number <= head.fields.steps; number += 1) {
    const step = readFields(lines, at, STEP_KEYS, PlanDocumentStep);
    if (step.kind === 'malformed') return step;
    if (step.fields.step !== number) return malformed(at, 'step');
    steps.push(step.fields);
    at += STEP_KEYS.length;
  }
  if (lines[at] !== 'end') return malformed(at, 'end');
  if (lines[at + 1] !== '' || lines.length !== at + 2) return malformed(at + 1, '');
  return { kind: 'document', document: { head: head.fields, also, steps } };
}

/**
 * The text before it was copied through a window, a mail or a message: normalizes line ends, trailing blanks and
 * surrounding blank lines.
 */
export function unpasted(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trimEnd());
  return `${lines.join('\n').trim()}\n`;
}

const HEAD_KEYS = Object.keys(PlanDocumentHead.shape);
const ALSO_KEYS = Object.keys(PlanDocumentAlso.shape);

type Malformed = Extract<PlanDocumentReading, { kind: 'malformed' }>;

/** The lines from index `at` on, one for each key in order. */
function readFields<S extends z.ZodType>(lines: readonly string[], at: number, keys: readonly string[], schema: S) {
  const fields: Record<string, string | null> = {};
  for (const [index, key] of keys.entries()) {
    const written = lines[at + index] ?? '';
    const value = written.startsWith(`${key} `) ? readDocumentValue(written.slice(key.length + 1)) : undefined;
    if (value === undefined) return malformed(at + index, key);
    fields[key] = value;
  }
  const parsed = schema.safeParse(fields);
  if (parsed.success) return { kind: 'fields', fields: parsed.data } as const;
  const key = String(parsed.error.issues[0]?.path[0] ?? keys[0]);
  return malformed(at + keys.indexOf(key), key);
}

function malformed(index: number, expected: string): Malformed {
  return { kind: 'malformed', line: index + 1, expected };
}

import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { ConfigProblem, Expectation, Found } from '../model/settings/config-problem.ts';
import { withoutPassword } from '../model/settings/postgres-url.ts';
import { SECTION_KEYS } from './schema/config-schema.ts';
import type { KeyPath, YamlDocument } from './yaml-document.ts';

/** No key is suggested that differs from the unknown one by more characters than this. */
const MAX_EDIT_DISTANCE = 3;

/** The schema's issues as problems that name the key and its line, in line order. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], document: YamlDocument): readonly ConfigProblem[] {
  const problems = issues.flatMap((issue) => problemsOf(issue, document));
  return problems.toSorted((a, b) => lineOf(a) - lineOf(b));
}

function problemsOf(issue: z.core.$ZodIssue, document: YamlDocument): readonly ConfigProblem[] {
  const path = keyPath(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], document));
  const allowed = expectationOf(issue);
  const key = keyText(path);
  const line = document.lineOf(path);
  // An invalid key is itself the value that was found.
  if (issue.code === 'invalid_key') {
    return [{ kind: 'invalid', key, line, found: { kind: 'text', text: String(path.at(-1)) }, allowed }];
  }
  if (!document.has(path)) return [{ kind: 'missing-key', key, line, allowed }];
  return [{ kind: 'invalid', key, line, found: shown(document.foundAt(path)), allowed }];
}

function shown(found: Found): Found {
  return 'text' in found ? { ...found, text: withoutPassword(found.text) } : found;
}

function unknownKey(path: KeyPath, document: YamlDocument): ConfigProblem {
  const key = String(path.at(-1));
  const allowed = SECTION_KEYS[sectionName(path.slice(0, -1))] ?? [];
  const nearest = allowed.length === 0 ? null : closest(key, allowed);
  return {
    kind: 'unknown-key',
    key: keyText(path),
    line: document.lineOf(path),
    allowed,
    nearest: nearest !== null && distance(key, nearest) <= MAX_EDIT_DISTANCE ? nearest : null,
  };
}

/**
 * What the key should hold. The schema raises only three kinds of issue: a `custom` one, which carries its expectation;
 * an invalid name in a section keyed by name; a value where a section or a list is expected.
 */
function expectationOf(issue: z.core.$ZodIssue): Expectation {
  if (issue.code === 'custom') return issue.params?.['expectation'];
  const [first] = issue.code === 'invalid_key' ? issue.issues : [];
  if (first !== undefined) return expectationOf(first);
  return { kind: issue.code === 'invalid_type' && issue.expected === 'array' ? 'list' : 'section' };
}

function keyPath(path: readonly PropertyKey[]): KeyPath {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** `hosts.git01.port`, `policy.approvers.users[2]`. */
function keyText(path: KeyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** Sections whose keys are names that people choose. Entries of a list have no names either. */
const SECTIONS_KEYED_BY_NAME: ReadonlySet<string> = new Set(['hosts', 'hostGroups', 'alerts.sources']);

function sectionName(path: KeyPath): string {
  const isAny = (part: KeyPath[number], index: number) =>
    typeof part === 'number' || SECTIONS_KEYED_BY_NAME.has(path.slice(0, index).join('.'));
  return path.map((part, index) => (isAny(part, index) ? '*' : part)).join('.');
}

function lineOf(problem: ConfigProblem): number {
  return 'line' in problem ? problem.line : 0;
}

import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ConfigProblem, Found } from '../model/settings/config-problem.ts';

export type KeyPath = readonly (string | number)[];

/** A YAML file as plain data, with the line of each key. */
export type YamlDocument = {
  readonly value: unknown;
  has(path: KeyPath): boolean;
  /** The line of the key at a path. For a missing key: of the nearest section around it. */
  lineOf(path: KeyPath): number;
  foundAt(path: KeyPath): Found;
};

export type ParsedYaml =
  | { readonly kind: 'document'; readonly document: YamlDocument }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/**
 * Parses YAML 1.2 strictly: one document, unique text keys, plain values. Refuses aliases, and with them both merge
 * keys and small files that expand to gigabytes.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const options = { lineCounter: lines, stringKeys: true, prettyErrors: false } as const;
  const parsed = parseDocument(text, options);
  const problems = [...syntaxProblems(parsed, lines), ...unsupported(parsed, lines)];
  if (problems.length > 0) return { kind: 'problems', problems };
  if (parsed.contents === null) return { kind: 'problems', problems: [{ kind: 'unreadable', why: 'empty' }] };
  return {
    kind: 'document',
    document: {
      value: parsed.toJS(),
      has: (path) => parsed.hasIn(path),
      lineOf: (path) => lineOf(parsed.contents, path, lines),
      foundAt: (path) => found(nodeAt(parsed.contents, path)),
    },
  };
}

/** The value at a path of a file that need not be right anywhere else. Undefined: there is none, or nothing plain. */
export function plainValueAt(text: string, path: KeyPath): unknown {
  const parsed = parseDocument(text, { stringKeys: true, prettyErrors: false });
  const node = nodeAt(parsed.contents, path);
  return isScalar(node) ? node.value : undefined;
}

function syntaxProblems(parsed: Document.Parsed, lines: LineCounter): readonly ConfigProblem[] {
  // The parser continues after an error, but further errors are mostly about its own guess.
  const [error] = parsed.errors;
  if (error === undefined) return [];
  const { line, col } = lines.linePos(error.pos[0]);
  if (error.code === 'MULTIPLE_DOCS') return [{ kind: 'not-supported', line, what: 'second-document' }];
  return [{ kind: 'syntax', line, column: col, detail: error.message }];
}

function unsupported(parsed: Document.Parsed, lines: LineCounter): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (node: Node, what: Extract<ConfigProblem, { kind: 'not-supported' }>['what']) => {
    problems.push({ kind: 'not-supported', line: lines.linePos(node.range?.[0] ?? 0).line, what });
  };
  const addMarks = (node: Node & { anchor?: string }) => {
    if (node.anchor !== undefined) add(node, 'anchor');
    if (node.tag !== undefined) add(node, 'tag');
  };
  visit(parsed, {
    Alias: (_, node) => add(node, 'alias'),
    Collection: (_, node) => addMarks(node),
    Scalar: (where, node) => {
      // An object can't hold this key like others. It would be lost, or worse.
      if (where === 'key' && node.value === '__proto__') add(node, 'proto-key');
      addMarks(node);
    },
  });
  return problems;
}

function lineOf(contents: Node | null, path: KeyPath, lines: LineCounter): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const part of path) {
    const next = child(node, part);
    if (next === null) break;
    offset = next.offset;
    node = next.value;
  }
  return lines.linePos(offset).line;
}

function nodeAt(contents: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((node, part) => child(node, part)?.value ?? null, contents);
}

/** One step down. The offset is that of the key, or of the start of a list entry. */
function child(node: unknown, part: string | number): { offset: number; value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
    if (pair === undefined || !isScalar(pair.key)) return null;
    return { offset: pair.key.range?.[0] ?? 0, value: pair.value };
  }
  if (isSeq<Node>(node) && typeof part === 'number') {
    const item = node.items[part];
    return item === undefined ? null : { offset: item.range?.[0] ?? 0, value: item };
  }
  return null;
}

function found(node: unknown): Found {
  if (isMap(node)) return { kind: 'section' };
  if (isSeq(node)) return { kind: 'list' };
  if (!isScalar(node) || node.value === null) return { kind: 'nothing' };
  if (typeof node.value === 'string') return { kind: 'text', text: node.value };
  return { kind: 'other', text: node.source ?? String(node.value) };
}

import { createReadStream } from 'node:fs';
import { messageOf } from '../model/message-of.ts';
import type { ConfigProblem } from '../model/settings/config-problem.ts';
import { errnoCode } from '../model/system-problem.ts';

/** A few hundred bytes describe a host. This is room for thousands of hosts. */
const MAX_BYTES = 1024 * 1024;

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: ConfigProblem };

/** The text of a file (or a pipe), at most {@link MAX_BYTES}. */
export async function readBoundedText(file: string): Promise<FileText> {
  const bytes = await readBytes(file);
  if (!Buffer.isBuffer(bytes)) return { kind: 'problem', problem: bytes };
  if (bytes.length > MAX_BYTES) return unreadable({ why: 'too-large', maxBytes: MAX_BYTES });
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return unreadable({ why: 'not-utf8' });
  }
}

async function readBytes(file: string): Promise<Buffer | ConfigProblem> {
  const chunks: Buffer[] = [];
  try {
    // `end` is inclusive: one byte more than allowed shows that the file is too long.
    for await (const chunk of createReadStream(file, { end: MAX_BYTES })) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    return { kind: 'unreadable', ...reasonOf(error) };
  }
}

type Reason =
  | { readonly why: 'missing' | 'not-permitted' | 'directory' | 'not-utf8' }
  | { readonly why: 'failed'; readonly detail: string }
  | { readonly why: 'too-large'; readonly maxBytes: number };

function reasonOf(error: unknown): Reason {
  const code = errnoCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'missing' };
  if (code === 'EACCES' || code === 'EPERM') return { why: 'not-permitted' };
  if (code === 'EISDIR') return { why: 'directory' };
  return { why: 'failed', detail: messageOf(error) };
}

function unreadable(reason: Reason): FileText {
  return { kind: 'problem', problem: { kind: 'unreadable', ...reason } };
}

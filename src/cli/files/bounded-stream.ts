import type { Readable } from 'node:stream';

/** Reads a whole stream as text. Null: it has more than `maxBytes`. Rejects as the stream does. */
export async function readBoundedStream(stream: Readable, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

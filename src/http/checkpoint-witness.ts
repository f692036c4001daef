import { withCosignatures } from '../hash/cosignature.ts';
import type { NoteKey } from '../hash/signed-note.ts';
import { messageOf } from '../model/message-of.ts';
import type { CheckpointWitness } from '../workflow/ports/witnesses.ts';
import { answerText } from './answer-text.ts';

const TIMEOUT_MS = 10_000;
/** A few cosignatures, also of post-quantum keys. */
const MAX_BYTES = 64 * 1024;
const SIZE = /^(0|[1-9]\d{0,15})\n?$/;

/** A witness by the protocol of https://c2sp.org/tlog-witness. Follows no redirect. Never rejects. */
export function httpWitness(url: string, key: NoteKey): CheckpointWitness {
  return {
    addCheckpoint: async ({ old, proof, note }) => {
      try {
        const { status, body } = await post(`${url}/add-checkpoint`, [`old ${old}`, ...proof, '', note].join('\n'));
        if (status === 409 && SIZE.test(body)) return { kind: 'at', size: Number(body) };
        if (status !== 200) return { kind: 'refused', status };
        const cosigned = withCosignatures(note, body, key);
        return cosigned === null ? { kind: 'not-cosigned' } : { kind: 'cosigned', note: cosigned };
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        return { kind: 'no-answer', said: messageOf(cause) };
      }
    },
  };
}

async function post(url: string, body: string): Promise<{ readonly status: number; readonly body: string }> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'error', signal });
  return { status: answer.status, body: await answerText(answer, MAX_BYTES) };
}

import { closeSync, constants, mkdirSync, openSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import type { Identity } from '../../../src/model/facts.ts';
import { asIdentity } from '../kernel-oracle.ts';

export type Answer = 'ok' | 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'EROFS' | 'EPERM';

/** What the kernel says of a path; the uses of a directory only where stat got to one. */
export type Answers = {
  readonly stat: Answer;
  readonly search?: Answer;
  readonly list?: Answer;
  readonly create?: Answer;
};

const MORE_LOOKUPS = 5;

let entries = 0;

/** Needs root, or at least the right to become anybody. Really tries; what was created is taken away again where that is possible. */
export function askKernel(path: string, identity: Identity): Answers {
  entries += 1;
  const entry = `${path}/.rd-${process.pid}-${entries}`;
  return asIdentity(identity, () => {
    const stat = answerOf(() => statSync(`${path}/`));
    if (stat !== 'ok') return { stat };
    const create = answerOf(() => mkdirSync(entry));
    if (create === 'ok') answerOf(() => rmdirSync(entry));
    return {
      stat,
      search: answerOf(() => statSync(`${path}/.`)),
      list: answerOf(() => readdirSync(path)),
      create,
    };
  });
}

/** Directories, opened so that each can be asked about alone, whatever its ancestors say. */
export class OpenDirectories {
  readonly #descriptors: ReadonlyMap<string, number>;

  constructor(paths: readonly string[]) {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY;
    this.#descriptors = new Map(paths.map((path) => [path, openSync(path, flags)]));
  }

  /** May the identity pass through each of them? */
  search(identity: Identity): ReadonlyMap<string, Answer> {
    const asked = [...this.#descriptors];
    return asIdentity(identity, () => {
      return new Map(
        asked.map(([path, descriptor]) => [path, answerOf(() => statSync(`/proc/self/fd/${descriptor}/.`))]),
      );
    });
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
  }
}

const ANSWERS: ReadonlySet<string> = new Set(['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EROFS', 'EPERM']);

/**
 * A lookup that has to start again, as when somebody mounts something somewhere at that very moment, goes on counting links
 * where it was (nd->total_link_count in fs/namei.c): ELOOP of a way with fewer than 41 links is not said twice.
 */
function answerOf(call: () => unknown): Answer {
  let answer = answerOnce(call);
  for (let again = 0; answer === 'ELOOP' && again < MORE_LOOKUPS; again += 1) answer = answerOnce(call);
  return answer;
}

function answerOnce(call: () => unknown): Answer {
  try {
    call();
    return 'ok';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (isAnswer(code)) return code;
    throw error;
  }
}

function isAnswer(code: string): code is Answer {
  return ANSWERS.has(code);
}

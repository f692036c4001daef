import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { type PathUse, useOf } from '../../../src/diagnosis/access/judge/judge-path.ts';
import type { Identity } from '../../../src/model/host/facts.ts';
import type { PathRole } from '../../../src/model/host/used-path.ts';
import { asIdentity } from '../hosts/kernel-oracle.ts';

export type Answer = 'ok' | 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'EROFS' | 'EPERM' | 'EISDIR';

/** What an identity can do at a path. */
export type Question = {
  readonly path: string;
  readonly identity: Identity;
  /** The role of the path. Absent: the storage root. */
  readonly role?: PathRole;
};

/** The kernel's answers about a path. The uses of a directory only if stat reached one. */
export type Answers = {
  readonly stat: Answer;
  readonly search?: Answer;
  readonly list?: Answer;
  readonly create?: Answer;
  /** For a path beside the storage: whether it can be used as the registry uses it. */
  readonly use?: Answer;
};

const MORE_LOOKUPS = 5;

let entries = 0;

/**
 * Needs root, or at least the right to take any identity. Tests for real. What was created is removed again if
 * possible.
 */
export function askKernel({ path, identity, role = 'storage' }: Question): Answers {
  const use = useOf({ role });
  return asIdentity(identity, () => (use === 'directory' ? askDirectory(path) : askFile(path, use)));
}

function askDirectory(path: string): Answers {
  const stat = answerOf(() => statSync(`${path}/`));
  if (stat !== 'ok') return { stat };
  return {
    stat,
    search: answerOf(() => statSync(`${path}/.`)),
    list: answerOf(() => readdirSync(path)),
    create: makeDirectoryIn(path),
  };
}

/** Beside the storage: a directory for sockets, a file that is read or written, or one that is created if missing. */
function askFile(path: string, use: Exclude<PathUse, 'directory'>): Answers {
  const stat = answerOf(() => statSync(use === 'entries' ? `${path}/` : path));
  if (stat === 'ENOENT' && (use === 'make' || use === 'write')) return { stat, use: make(path) };
  if (stat !== 'ok') return { stat, use: stat };
  const isDirectory = statSync(path).isDirectory();
  if (isDirectory && (use === 'entries' || use === 'write')) return { stat, use: makeDirectoryIn(path) };
  return { stat, use: use === 'write' ? write(path) : read(path) };
}

/** A directory can be opened, but not read. */
function read(path: string): Answer {
  return answerOf(() => {
    const file = openSync(path, constants.O_RDONLY);
    try {
      readSync(file, Buffer.alloc(1));
    } finally {
      closeSync(file);
    }
  });
}

function write(path: string): Answer {
  return answerOf(() => closeSync(openSync(path, constants.O_WRONLY)));
}

/**
 * As the registry does: with the missing directories above it (os.MkdirAll), none of which denies anything to its
 * creator. An entry under another name stands for the first missing one. A broken symlink counts as missing, as for a
 * person who searches for the file.
 */
function make(path: string): Answer {
  const names = path.split('/').slice(1);
  let parent = '';
  for (const [index, name] of names.entries()) {
    const place = `${parent}/${name}`;
    const isLast = index === names.length - 1;
    // A symlink at the end of a path can be protected while the same one in the middle is not.
    const stat = answerOf(() => statSync(isLast ? place : `${place}/.`));
    if (stat !== 'ok' && stat !== 'ENOENT') return stat;
    if (stat === 'ENOENT') {
      if (answerOf(() => lstatSync(place)) === 'ok') return 'ENOENT';
      return isLast ? makeFileIn(parent) : makeDirectoryIn(parent);
    }
    parent = place;
  }
  throw new Error(`${path} was missing, and now is there`);
}

function makeDirectoryIn(directory: string): Answer {
  const entry = newEntry(directory);
  const made = answerOf(() => mkdirSync(entry));
  if (made === 'ok') answerOf(() => rmdirSync(entry));
  return made;
}

function makeFileIn(directory: string): Answer {
  const entry = newEntry(directory);
  const made = answerOf(() => closeSync(openSync(entry, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)));
  if (made === 'ok') answerOf(() => unlinkSync(entry));
  return made;
}

function newEntry(directory: string): string {
  entries += 1;
  return `${directory}/.rd-${process.pid}-${entries}`;
}

/** Directories, opened so that each can be tested on its own, whatever its ancestors say. */
export class OpenDirectories {
  readonly #descriptors: ReadonlyMap<string, number>;

  constructor(paths: readonly string[]) {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY;
    this.#descriptors = new Map(paths.map((path) => [path, openSync(path, flags)]));
  }

  /** Whether the identity can pass through each of them. */
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

const ANSWERS: ReadonlySet<string> = new Set([...['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EROFS', 'EPERM', 'EISDIR']]);

/**
 * A lookup that has to start again, for example because of a simultaneous mount elsewhere, keeps its count of symlinks
 * (nd->total_link_count in fs/namei.c). So ELOOP on a path with fewer than 41 symlinks does not happen twice.
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

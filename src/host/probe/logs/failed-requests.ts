import type { FailedRequests, LoggedAccess } from '../../../model/host/registry-logs.ts';
import { complaintOf, pathIn } from './complaint-of.ts';
import type { LogLine } from './log-line.ts';

type Kind = 'push' | 'pull';

const METHODS: Readonly<Record<string, Kind>> = { POST: 'push', PUT: 'push', PATCH: 'push', GET: 'pull', HEAD: 'pull' };
/** A manifest, a blob or an upload, with the name of its repository. */
const OF_AN_IMAGE = /^\/v2\/(.+)\/(?:manifests|blobs)\//;
/**
 * A longer name is refused with a 500 (reference.RepositoryNameTotalLengthMax, app.go), which is the client's fault.
 */
const MAX_NAME = 255;
/**
 * Messages about an upload that the client gave up, or of which it sent less than it announced
 * (registry/handlers/helpers.go).
 */
const SPOILED_BY_CLIENT = /client disconnected|unexpected EOF|context canceled/;
/** The registry's answer to everything while its health check fails (health.Handler). */
const UNAVAILABLE = 503;

/** Collects the failed pushes and pulls at the end of a log that no later success followed. */
export class FailedRequestLog {
  #push: FailedRequests | null = null;
  #pull: FailedRequests | null = null;
  #spoiled: LoggedAccess | null = null;

  get pushes(): FailedRequests | null {
    return this.#push;
  }

  get pulls(): FailedRequests | null {
    return this.#pull;
  }

  /** Adds a line. `count`: how many lines of the log it stands for. 0: its status already counts it. */
  add(line: LogLine, count: number): void {
    const { access } = line;
    const kind = access && kindOf(access);
    if (access === null || kind === null) return;
    if (access.status < 400) this.#set(kind, null);
    if (access.status < 500 || access.status === UNAVAILABLE) return;
    const words = line.kind === 'message' ? line.words : null;
    if (words !== null && SPOILED_BY_CLIENT.test(words)) {
      this.#spoiled = access;
      return;
    }
    if (this.#spoiled && isSame(this.#spoiled, access)) return;
    this.#set(kind, joined(this.#get(kind), access, words, count));
  }

  #get(kind: Kind): FailedRequests | null {
    return kind === 'push' ? this.#push : this.#pull;
  }

  #set(kind: Kind, failed: FailedRequests | null): void {
    if (kind === 'push') this.#push = failed;
    else this.#pull = failed;
  }
}

function kindOf({ method, path }: LoggedAccess): Kind | null {
  const name = OF_AN_IMAGE.exec(path)?.[1];
  return name === undefined || name.length > MAX_NAME ? null : (METHODS[method] ?? null);
}

/**
 * Joins the two lines about one request in a log that also has access lines. The registry's own message comes first.
 */
function joined(
  before: FailedRequests | null,
  access: LoggedAccess,
  words: string | null,
  count: number,
): FailedRequests {
  const isRepeated = before !== null && words === null && before.words !== null && isSame(before.last, access);
  const said = isRepeated ? before.words : words;
  return {
    count: (before?.count ?? 0) + (isRepeated ? 0 : Math.max(count, 1)),
    last: access,
    words: said,
    complaint: said === null ? null : complaintOf(said),
    path: said === null ? null : pathIn(said),
  };
}

function isSame(one: LoggedAccess, other: LoggedAccess): boolean {
  return one.method === other.method && one.path === other.path && one.status === other.status;
}

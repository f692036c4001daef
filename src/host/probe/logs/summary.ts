import type { LogComplaint, LoggedAccess, RegistryLogs } from '../../../model/host/registry-logs.ts';
import { complaintOf, pathIn } from './complaint-of.ts';
import { FailedRequestLog } from './failed-requests.ts';
import type { LogFile, SentLine } from './log-files.ts';
import type { LogLine } from './log-line.ts';
import { readLogLine } from './read-log-line.ts';

type Mutable<T> = { -readonly [key in keyof T]: T[key] };
type Complaint = Mutable<RegistryLogs['complaints'][number]>;
type Aborts = Mutable<NonNullable<RegistryLogs['aborts']>>;
type Message = Extract<LogLine, { kind: 'message' }>;

const LISTENING = /^listening on /;
const PUSH_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** The path of a manifest or a blob. A success on it needs a usable storage. */
const STORAGE_PATH = /^\/v2\/.+\/(manifests|blobs)\//;

/** Goes once through the lines of all files, oldest first, and keeps what shows the registry's state. */
export class LogSummary {
  readonly #complaints = new Map<LogComplaint, Complaint>();
  readonly #failed = new FailedRequestLog();
  #aborts: Aborts | null = null;
  #from: number | null = null;
  #to: number | null = null;
  #runStart: LoggedAccess | null = null;
  #firstBad: LoggedAccess | null = null;
  #lastBad: LoggedAccess | null = null;
  #lastGood: LoggedAccess | null = null;
  #lastGoodStorage: LoggedAccess | null = null;
  #unread = 0;

  add(file: LogFile): void {
    for (const sent of file.lines) this.#addLine(sent);
  }

  result(): Omit<RegistryLogs, 'files' | 'countByStatus' | 'requestMinutes'> {
    return {
      from: this.#from,
      to: this.#to,
      firstBadOfLastRun: this.#runStart,
      firstBad: this.#firstBad,
      lastBad: this.#lastBad,
      lastGoodStorage: this.#lastGoodStorage,
      lastGood: this.#lastGood,
      complaints: [...this.#complaints.values()],
      failedPushes: this.#failed.pushes,
      failedPulls: this.#failed.pulls,
      aborts: this.#aborts,
      unreadLines: this.#unread,
    };
  }

  #addLine({ text, count }: SentLine): void {
    const line = readLogLine(text);
    if (line === null) {
      this.#unread += 1;
      return;
    }
    this.#passTime(line.kind === 'access' ? line.access.at : line.at);
    this.#failed.add(line, count);
    if (line.kind === 'access') {
      this.#addRequest(line.access);
      if (count > 0 && isRefusedPush(line.access)) this.#complain('maintenance', messageOf(line.access), count);
      return;
    }
    // In a log with access lines the same request occurs twice. The second time changes nothing.
    if (line.access) this.#addRequest(line.access);
    if (count > 0) this.#addMessage(line, count);
  }

  #passTime(at: number | null): void {
    if (at === null) return;
    this.#from = Math.min(this.#from ?? at, at);
    this.#to = Math.max(this.#to ?? at, at);
  }

  #addRequest(access: LoggedAccess): void {
    if (access.status >= 500) {
      this.#firstBad ??= access;
      this.#runStart ??= access;
      this.#lastBad = access;
      return;
    }
    this.#runStart = null;
    if (access.status >= 400) return;
    this.#lastGood = access;
    if (access.status >= 300 || !STORAGE_PATH.test(access.path)) return;
    this.#lastGoodStorage = access;
    for (const complaint of this.#complaints.values()) complaint.sinceGoodStorage = false;
  }

  #addMessage(line: Message, count: number): void {
    if (LISTENING.test(line.words)) {
      for (const complaint of this.#complaints.values()) complaint.sinceStart = false;
      if (this.#aborts) this.#aborts.sinceStart = false;
      return;
    }
    const complaint = complaintOf(line.words);
    if (complaint) this.#complain(complaint, line, count);
    if (line.level === 'fatal') this.#abort(line, complaint, count);
  }

  #complain(complaint: LogComplaint, { words, at, access }: Omit<Message, 'kind' | 'level'>, count: number): void {
    const before = this.#complaints.get(complaint);
    this.#complaints.set(complaint, {
      complaint,
      count: (before?.count ?? 0) + count,
      firstAt: before ? before.firstAt : at,
      lastAt: at,
      words,
      path: pathIn(words),
      method: access?.method ?? null,
      sinceStart: true,
      sinceGoodStorage: true,
    });
  }

  #abort({ words, at }: Message, complaint: LogComplaint | null, count: number): void {
    this.#aborts = {
      count: (this.#aborts?.count ?? 0) + count,
      firstAt: this.#aborts ? this.#aborts.firstAt : at,
      lastAt: at,
      complaint,
      words,
      path: pathIn(words),
      sinceStart: true,
    };
  }
}

function isRefusedPush({ status, method }: LoggedAccess): boolean {
  return status === 405 && PUSH_METHODS.has(method);
}

/** A request as the message about it would tell it. */
function messageOf(access: LoggedAccess): Omit<Message, 'kind' | 'level'> {
  const { at, method, path, status } = access;
  return { at, words: `${method} ${path} ${status}`, access };
}

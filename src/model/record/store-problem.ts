import type { SystemProblem } from '../system-problem.ts';

/** Why the durable record cannot be used. Data; `words/` says what happened and what to do. */
export type StoreProblem =
  | { readonly kind: 'not-a-record-url'; readonly url: string }
  | { readonly kind: 'directory-missing'; readonly path: string; readonly directory: string }
  | { readonly kind: 'file-missing'; readonly path: string }
  | { readonly kind: 'not-a-file'; readonly path: string }
  | { readonly kind: 'not-writable'; readonly path: string; readonly why: SystemProblem }
  /** This runs as root, and would create the file in the directory of another user. */
  | { readonly kind: 'of-another-user'; readonly path: string; readonly directory: string; readonly user: string }
  | { readonly kind: 'not-a-database'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly why: SystemProblem }
  /** A database, but not one of ours. */
  | { readonly kind: 'foreign-database'; readonly path: string }
  /** Some of its migrations are not known to this version. */
  | {
      readonly kind: 'schema-unknown';
      readonly path: string;
      /** Who wrote them, by their names. */
      readonly by: 'newer-version' | 'development-version' | 'unknown';
      readonly unknownMigrations: readonly string[];
    }
  /** Some migrations are missing, and it was opened only for reading. */
  | { readonly kind: 'schema-older'; readonly path: string }
  /** The disk under it has no room. It can be used again once there is some. */
  | { readonly kind: 'disk-full'; readonly path: string }
  | { readonly kind: 'locked'; readonly path: string; readonly waitedMs: number }
  /** The filesystem can't hold a write-ahead log. */
  | { readonly kind: 'no-write-ahead-log'; readonly path: string }
  /** The file at the path is no longer the one that was opened. */
  | { readonly kind: 'file-replaced'; readonly path: string }
  /** A thread that checks it ended too early. */
  | { readonly kind: 'check-stopped'; readonly path: string; readonly why: SystemProblem }
  | { readonly kind: 'failed'; readonly path: string; readonly why: SystemProblem }
  | ServerProblem;

/** Of a record on Postgres. `server`: the URL without its options. */
type ServerProblem =
  | {
      readonly kind: 'server-unreachable' | 'login-refused' | 'tls-failed' | 'not-granted' | 'server-slow';
      readonly server: string;
      readonly why: SystemProblem;
    }
  /** `server-full`: it has no connection left. `bot-elsewhere`: bots work on it, or a process that must be alone.
   * `out-of-touch`: this bot was not heard of for so long that others do its work. */
  | {
      readonly kind:
        | 'database-missing'
        | 'server-full'
        | 'server-disk-full'
        | 'server-read-only'
        | 'bot-elsewhere'
        | 'out-of-touch'
        | 'commit-unknown';
      readonly server: string;
    }
  /** It does not have an entry that this process has seen: it is behind, or has another record. */
  | { readonly kind: 'older-copy'; readonly server: string; readonly entry: number }
  /** What the server confirms can be lost in a power cut. */
  | {
      readonly kind: 'commits-not-durable';
      readonly server: string;
      readonly setting: 'synchronous_commit' | 'fsync';
    }
  | {
      readonly kind: 'password-unreadable' | 'certificates-unreadable';
      readonly path: string;
      readonly why: SystemProblem;
    };

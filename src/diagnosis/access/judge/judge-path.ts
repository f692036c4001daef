import { knownValue } from '../../../model/fact.ts';
import type { Facts, Identity, PresentNode } from '../../../model/host/facts.ts';
import type { PathRole, UsedPath } from '../../../model/host/used-path.ts';
import { evaluateUse } from '../kernel/evaluate-use.ts';
import { judgeRoot, type RootUse } from './judge-root.ts';
import { type FileAtEnd, judgeWay, type Walk } from './judge-walk.ts';
import { type Judgement, judge } from './judgement.ts';
import { NO_TRIES, type Tries, triesOfPath } from './tries.ts';

/** How the registry uses a path of each role. `make`: the file is created if it is missing, otherwise read. */
export type PathUse = 'directory' | 'entries' | 'read' | 'make' | 'write';

/**
 * From distribution: the htpasswd file is created at the start if it is missing (registry/auth/htpasswd,
 * createHtpasswdFile); Let's Encrypt's cache is written; a socket is bound, and an old one removed, in its directory
 * (registry/listener).
 */
const USES: Readonly<Record<PathRole, PathUse>> = {
  storage: 'directory',
  config: 'read',
  htpasswd: 'make',
  'tls-certificate': 'read',
  'tls-key': 'read',
  'tls-client-ca': 'read',
  'acme-cache': 'write',
  'token-certificate': 'read',
  'token-key': 'read',
  'socket-directory': 'entries',
  'log-directory': 'entries',
  'named-in-log': 'make',
};

export function useOf({ role }: Pick<UsedPath, 'role'>): PathUse {
  return USES[role];
}

/** A path, other than the storage root, that the registry uses, judged for the account that uses it. */
export type JudgedPath = {
  readonly used: UsedPath;
  readonly identity: Identity | null;
  readonly walk: Walk;
  /** What the account can do in the directory at the end. Null: the end is not a directory, or no identity is known. */
  readonly directory: RootUse | null;
  /** The file at the end, and whether the account can use it. Null: the end is not a file. */
  readonly file: { readonly node: PresentNode; readonly judgement: Judgement } | null;
};

/** Judges one path. `service` is the identity of the registry's process, or of its account if it isn't running. */
export function judgePath(facts: Facts, used: UsedPath, service: Identity | null): JudgedPath {
  const identity = identityOf(used, service);
  const tries = identity ? triesOfPath(facts, used, identity) : NO_TRIES;
  const judgeFile = isForFile(used) ? fileJudge(facts, used, tries) : null;
  const walk = judgeWay(facts, used.path, identity, { tries, judgeFile });
  const file = walk.end.kind === 'file' && identity && judgeFile ? walk.end.file : null;
  return {
    used,
    identity,
    walk,
    directory: identity ? judgeRoot(facts, walk, identity, ofDirectory(used, tries)) : null,
    file: file && identity && judgeFile ? { node: file, judgement: judgeFile(file, identity) } : null,
  };
}

/** The tests for a directory in which the service writes a file: whether it can create entries there. */
function ofDirectory(used: UsedPath, tries: Tries): Tries {
  return useOf(used) === 'write' && tries !== NO_TRIES
    ? { ...tries, list: null, create: knownValue(used.tries.write) }
    : tries;
}

/**
 * The identity that uses the path. Accounts other than the registry's run only with the group that their service
 * manager gives them.
 */
function identityOf({ usedBy }: UsedPath, service: Identity | null): Identity | null {
  if (usedBy === null) return service;
  const { uid, gid, user } = usedBy;
  return { user, uid, gid, groups: [], dacOverride: uid === 0, dacReadSearch: uid === 0 };
}

function isForFile(used: UsedPath): boolean {
  const use = useOf(used);
  return use !== 'directory' && use !== 'entries';
}

/**
 * Judges the file at the end. Its test used the whole path, so it says something about the file only if stat(2) reached
 * it.
 */
function fileJudge(facts: Facts, used: UsedPath, { stat }: Tries): FileAtEnd {
  const isWritten = useOf(used) === 'write';
  const answer = knownValue(isWritten ? used.tries.write : used.tries.read);
  const tried = stat?.result === 'allowed' ? answer : null;
  return (file, identity) => judge(evaluateUse(facts, file, identity, isWritten ? 'w' : 'r'), tried);
}

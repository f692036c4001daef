import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Reason } from '../../../model/reason.ts';
import type { RootUse } from '../../access/judge/judge-root.ts';
import type { Walk } from '../../access/judge/judge-walk.ts';
import { accessTriesOf } from '../../access/judge/judged-path.ts';
import type { Judgement } from '../../access/judge/judgement.ts';
import { identityOf, isSameIdentity } from '../../access/judge/service-identity.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import type { Check } from '../check.ts';

type NotJudged = FindingOf<'access-not-judged'>;

/**
 * A directory was read, but it is unknown whether the service can use it: its ACL was not read, something other than
 * its modes decides there (a server, FUSE, a security module), or the kernel was not asked. A host is called healthy
 * only after the kernel has allowed stat, list and create as the service itself.
 */
export const accessNotJudged: Check<'access-not-judged'> = {
  id: 'access-not-judged',
  inconclusive: true,
  scope: 'each-path',
  consequenceOf: ['stale-handle', 'server-denies', 'mount-options-deny'],
  look(judged) {
    const { walk, root, identity, usedPath } = judged;
    if (!walk || !identity) return usedPath === null ? unjudgedFiles(judged) : [];
    const unjudged = [...unjudgedSteps(walk), ...unjudgedUses(root)];
    const files = usedPath === null ? unjudgedFiles(judged) : [];
    if (unjudged.length > 0) return [...unjudged, ...files];
    return [...unseenNamespace(judged), ...missingTries(judged), ...files];
  },
};

/** Files outside the storage that could not be read, or to which access was not tested. */
function unjudgedFiles({ filesBeside }: JudgedAccess): NotJudged[] {
  return filesBeside.flatMap(({ path: { used, walk }, doubt }) =>
    doubt === null ? [] : [{ ...finding(used.path, doubt), walk: walk.visits.map(({ step }) => step) }],
  );
}

function unjudgedSteps({ visits }: Walk): NotJudged[] {
  return visits.flatMap(({ node, step, searched }) =>
    node.state === 'present' && (searched || node.kind === 'symlink') ? notJudged(step, step.path) : [],
  );
}

/** The uses of the storage root whose result is unknown. All three have the same cause, so the first one is enough. */
function unjudgedUses(root: RootUse | null): NotJudged[] {
  if (!root) return [];
  const uses = root.readOnlyMount || root.immutable ? [root.search, root.list] : [root.search, root.list, root.create];
  return uses.flatMap((use) => notJudged(use, root.node.path)).slice(0, 1);
}

function notJudged({ access, reason }: Judgement, path: HostPath): NotJudged[] {
  const isUndecided = access === 'unknown' && (reason.kind === 'unseen' || reason.kind === 'undecided');
  return isUndecided ? [finding(path, reason.why)] : [];
}

function unseenNamespace({ facts, walk, usedPath }: JudgedAccess): NotJudged[] {
  if (usedPath !== null || !walk || facts.process.state !== 'known' || facts.process.value.mountNamespace !== 'unknown')
    return [];
  return facts.storageRoot.state === 'known'
    ? [finding(facts.storageRoot.value, { code: 'mount-namespace-unread' })]
    : [];
}

/**
 * The access tests that did not run, if everything computed is allowed. If something is denied, a missing test adds
 * nothing.
 */
function missingTries(judged: JudgedAccess): NotJudged[] {
  const { facts, walk, root } = judged;
  if (!root || walk?.passable !== 'yes' || walk.stat?.result === 'denied') return [];
  const { stat, list, create } = accessTriesOf(judged);
  const expected = root.readOnlyMount || root.immutable ? { stat, list } : { stat, list, create };
  const why = whyTriesDoNotCount(facts) ?? firstMissing(expected);
  return why === null ? [] : [finding(root.node.path, why)];
}

function whyTriesDoNotCount(facts: Facts): Reason | null {
  const { identity } = identityOf(facts);
  const { triedAs } = facts;
  if (triedAs.state === 'unknown') return { code: 'nothing-tried', because: triedAs.why };
  if (triedAs.state === 'absent') return { code: 'not-tried-as-service' };
  return identity && isSameIdentity(triedAs.value, identity) ? null : { code: 'tried-as-other' };
}

function firstMissing(tries: Partial<Facts['rootTries']>): Reason | null {
  for (const use of ['stat', 'list', 'create'] as const) {
    const fact = tries[use];
    if (fact === undefined) continue;
    if (fact.state === 'unknown') return { code: 'use-not-tried', use, because: fact.why };
    if (fact.state === 'absent') return { code: 'not-tried-as-service' };
    if (fact.value.result === 'failed') return { code: 'use-failed', use, because: fact.value.why };
  }
  return null;
}

function finding(path: HostPath, why: Reason): NotJudged {
  return { id: 'access-not-judged', severity: 'warning', proof: 'unproven', path, why };
}

import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import { otherConfigs } from '../../../model/reason.ts';
import type { FileTrouble } from '../../access/denial/file-trouble.ts';
import type { FileBeside } from '../../access/denial/files-beside.ts';
import { grantOfFile, isSecret } from '../../access/denial/grant-of-file.ts';
import type { JudgedPath } from '../../access/judge/judge-path.ts';
import type { Check } from '../check.ts';

type Unusable = FindingOf<'file-unusable'>;

/**
 * The registry opens these at its start and ends if it can't: its config, the htpasswd file, TLS certificate and key,
 * the token certificates (distribution, registry/registry.go and registry/auth; seen with 2.8.2). A running registry
 * continues with what it has read, except that each login reads the htpasswd file again and GitLab reads its key for
 * each token.
 */
export const fileUnusable: Check<'file-unusable'> = {
  id: 'file-unusable',
  faultKind: 'denied',
  inconclusive: true,
  look({ facts, filesBeside }) {
    return filesBeside.flatMap(({ path, trouble, breaksNow }) =>
      trouble === null || isOfNoConcern(facts, path, trouble) ? [] : [finding(facts, { path, breaksNow }, trouble)],
    );
  },
};

/**
 * Whether a missing file is no fault: GitLab might sign its tokens on another host, Omnibus might have no registry log
 * yet, and if the host's registries serve other configs, the settings name the wrong one.
 */
function isOfNoConcern({ process }: Facts, { used }: JudgedPath, { cause }: FileTrouble): boolean {
  if (used.role === 'config' && cause === 'missing') {
    return process.state === 'unknown' && otherConfigs(process.why) !== null;
  }
  return (used.role === 'token-key' || used.role === 'log-directory') && cause === 'missing';
}

/** The path to show. A socket is shown by its own path, although its directory is the path that was walked. */
function toldAs({ config }: Facts, { role, path }: UsedPath): HostPath {
  const address = config.state === 'known' && role === 'socket-directory' ? config.value.httpAddress : null;
  return (address !== null && HostPath.safeParse(address).data) || path;
}

function holdsSomething({ nodes }: Facts, directory: HostPath): boolean {
  return nodes.some(({ path, state }) => state === 'present' && path.startsWith(`${directory}/`));
}

function finding(
  facts: Facts,
  { path, breaksNow }: Pick<FileBeside, 'path' | 'breaksNow'>,
  trouble: FileTrouble,
): Unusable {
  const { used, walk, identity } = path;
  const [first] = trouble.blockers;
  const grant = first && identity ? grantOfFile(facts, path, first) : null;
  const running = facts.process.state === 'known';
  return {
    id: 'file-unusable',
    severity: breaksNow ? 'fault' : 'warning',
    proof: trouble.proof,
    path: toldAs(facts, used),
    walk: walk.visits.map(({ step }) => step),
    role: used.role,
    key: used.key,
    usedBy: used.usedBy?.user ?? null,
    cause: trouble.cause,
    blockedAt: trouble.at,
    alsoBlockedAt: trouble.blockers.slice(1, 65).map(({ node }) => node.path),
    mode: first?.node.mode ?? null,
    owner: first?.node.owner ?? null,
    group: first?.node.group ?? null,
    decidedBy: first?.deciding ?? null,
    lacking: [...(first?.wanted ?? [])],
    secret: isSecret(used),
    holdsOthers: trouble.cause === 'is-a-directory' && holdsSomething(facts, trouble.at),
    running,
    noChmod: grant?.kind === 'none' ? grant.why : null,
  };
}

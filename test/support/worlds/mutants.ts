import { known } from '../../../src/model/fact.ts';
import { bitsOfEntry, entryLetters } from '../../../src/model/host/acl.ts';
import { type Facts, type Identity, Mode, type MountEntry, type PresentNode } from '../../../src/model/host/facts.ts';
import { EVALUATOR, type Evaluator } from './prediction.ts';
import type { Means } from './random/random-world.ts';

type Mutant = {
  readonly evaluator: Evaluator;
  /** What a machine has to allow in a world before the difference can show. */
  readonly needs: keyof Means | 'linkProtection';
};

/** Evaluators with one rule missing each. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'ACLs do not count': {
    needs: 'acls',
    evaluator: blindTo((node) => ({ ...node, acl: { state: 'known', value: [] } })),
  },
  'the mask of an ACL does not count': {
    needs: 'acls',
    evaluator: blindTo((node) => ({ ...node, acl: withoutMask(node.acl) })),
  },
  'an owner is like any other': { needs: 'acls', evaluator: blindTo((node) => ({ ...node, uid: 4_000_000_000 })) },
  'supplementary groups do not count': { needs: 'acls', evaluator: asIf((identity) => ({ ...identity, groups: [] })) },
  'CAP_DAC_READ_SEARCH creates': {
    needs: 'acls',
    evaluator: asIf((identity) => ({
      ...identity,
      dacOverride: identity.dacOverride || identity.dacReadSearch,
    })),
  },
  'nosymfollow does not count': {
    needs: 'mounts',
    evaluator: withMounts((mount) => ({ ...mount, options: without(mount.options, 'nosymfollow') })),
  },
  'a read-only mount takes writes': {
    needs: 'mounts',
    evaluator: withMounts((mount) => ({ ...mount, options: without(mount.options, 'ro') })),
  },
  'the longest mount point holds': {
    needs: 'mounts',
    evaluator: withMounts((mount) => ({ ...mount, id: null, parent: null })),
  },
  'immutable directories take entries': {
    needs: 'attributes',
    evaluator: blindTo((node) => ({ ...node, immutable: { state: 'known', value: false } })),
  },
  'append-only directories take none': {
    needs: 'attributes',
    evaluator: blindTo((node) => ({
      ...node,
      immutable: node.appendOnly.state === 'known' && node.appendOnly.value ? node.appendOnly : node.immutable,
    })),
  },
  'a file is read by its x': {
    needs: 'acls',
    evaluator: besideTheStorage(blindTo((node) => (node.kind === 'file' ? readByX(node) : node))),
  },
  'the mask of an ACL does not count for files': {
    needs: 'acls',
    evaluator: blindTo((node) => (node.kind === 'file' ? { ...node, acl: withoutMask(node.acl) } : node)),
  },
  'whoever may write to a directory makes files in it': {
    needs: 'acls',
    evaluator: besideTheStorage(blindTo((node) => (node.kind === 'directory' ? passedByWriters(node) : node))),
  },
  'a link inside the storage leads on from the root of the host': {
    needs: 'acls',
    evaluator: besideTheStorage(blindTo((node) => ({ ...node, target: fromRoot(node.target) }))),
  },
  'a read-only mount inside or beside the storage takes writes': {
    needs: 'mounts',
    evaluator: besideTheStorage(withMounts((mount) => ({ ...mount, options: without(mount.options, 'ro') }))),
  },
  'foreign links are followed everywhere': {
    needs: 'linkProtection',
    evaluator: given((facts) => ({
      ...facts,
      security: { state: 'known', value: unprotected(facts) },
    })),
  },
};

function given(
  change: (facts: Facts) => Facts,
  as: (identity: Identity) => Identity = (identity) => identity,
): Evaluator {
  return {
    way: (facts, path, identity) => EVALUATOR.way(change(facts), path, as(identity)),
    search: (facts, { path }, identity) => {
      const changed = change(facts);
      const node = changed.nodes.find((candidate) => candidate.path === path);
      return node?.state === 'present' ? EVALUATOR.search(changed, node, as(identity)) : 'unknown';
    },
    used: (facts, used, identity) => EVALUATOR.used(change(facts), used, as(identity)),
  };
}

/** Wrong only about paths beside the storage root. */
function besideTheStorage({ used }: Evaluator): Evaluator {
  return { ...EVALUATOR, used };
}

function asIf(as: (identity: Identity) => Identity): Evaluator {
  return given((facts) => facts, as);
}

function blindTo(change: (node: PresentNode) => PresentNode): Evaluator {
  return given((facts) => ({
    ...facts,
    nodes: facts.nodes.map((node) => (node.state === 'present' ? change(node) : node)),
  }));
}

function withMounts(change: (mount: MountEntry) => MountEntry): Evaluator {
  return given(({ mounts, ...facts }) => ({
    ...facts,
    mounts: mounts.state === 'known' ? { ...mounts, value: mounts.value.map(change) } : mounts,
  }));
}

function withoutMask(acl: PresentNode['acl']): PresentNode['acl'] {
  if (acl.state !== 'known') return acl;
  return { ...acl, value: acl.value.map((entry) => (entry.tag === 'mask' ? { ...entry, permissions: 'rwx' } : entry)) };
}

function readByX(node: PresentNode): PresentNode {
  return withLetters(node, (bits) => (bits & 3) | ((bits & 1) << 2));
}

function passedByWriters(node: PresentNode): PresentNode {
  return withLetters(node, (bits) => bits | ((bits & 2) >> 1));
}

function withLetters(node: PresentNode, change: (bits: number) => number): PresentNode {
  const mode = Number.parseInt(node.mode, 8);
  const changed = [6, 3, 0].reduce((sum, shift) => sum | (change((mode >> shift) & 7) << shift), mode & 0o7000);
  const acl = node.acl.state === 'known' ? node.acl.value : [];
  return {
    ...node,
    mode: Mode.parse(changed.toString(8).padStart(4, '0')),
    acl: known(acl.map((entry) => ({ ...entry, permissions: entryLetters(change(bitsOfEntry(entry))) }))),
  };
}

function fromRoot(target: string | null): string | null {
  return target === null ? null : `/${target}`;
}

function unprotected({ security }: Facts) {
  if (security.state !== 'known') throw new Error('the facts of a world tell of link protection');
  return { ...security.value, protectedSymlinks: { state: 'known' as const, value: false } };
}

function without(options: readonly string[], option: string): string[] {
  return options.filter((candidate) => candidate !== option);
}

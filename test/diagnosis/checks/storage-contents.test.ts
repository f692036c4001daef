import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { Finding, type FindingId } from '../../../src/model/diagnosis/finding.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { Mode } from '../../../src/model/host/posix.ts';
import type { StorageContents } from '../../../src/model/host/storage-contents.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { closedDirectory, contentsOf, foreignOf, triedAndClosed } from '../../support/facts/contents-builder.ts';
import { DENIED, dir, type FactsOptions, factsOf, hostPath, REGISTRY } from '../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../support/facts/mount-setup.ts';

const ROOT = '/var/lib/registry';
const BLOBS = `${ROOT}/docker/registry/v2/blobs`;
const OWN = closedDirectory();
const HIDDEN = closedDirectory({ path: `${ROOT}/docker/registry/v2/repositories/app/_layers`, inode: '4712' });
const ROOTS = closedDirectory({
  path: BLOBS,
  inode: '4713',
  mode: '0755',
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
});
const SHUT = {
  path: hostPath(`${BLOBS}/sha256/ab/abcd/data`),
  kind: 'file',
  lacking: 'read',
  mode: Mode.parse('0200'),
  uid: 993,
  gid: 993,
} as const;
const ALL_SEEN = { count: 0, directories: [], complete: true };
const UNTRIED = unknown({ code: 'missing-on-host', detail: 'setpriv' });
const OVERRIDING = { ...REGISTRY, dacOverride: true };

function withContents(of: Partial<StorageContents>, more: FactsOptions = {}): Facts {
  return factsOf({ contents: known(contentsOf(of)), ...more });
}

const WRONG = { foreign: [foreignOf()], closed: triedAndClosed(ROOTS) };

const SUBJECTS: readonly FindingId[] = [
  'wrong-owner',
  'inner-directory-unusable',
  'world-writable-storage',
  'images-unseen',
  'storage-empty',
  'contents-not-judged',
  'storage-root-unusable',
  'inner-file-unusable',
  'immutable-directory',
  'umask-too-tight',
];

/** `fault wrong-owner kernel /a`: what a finding of these comes to, in one line. */
function linesOf(facts: Facts): string[] {
  return allFindings(facts)
    .map((finding) => Finding.parse(finding))
    .filter(({ id }) => SUBJECTS.includes(id))
    .map(({ severity, id, proof, path }) => [severity, id, proof, path ?? '-'].join(' '));
}

const deniedRoot = (owners: string) => ({
  nodes: [dir(ROOT, '0700', owners)],
  rootTries: { stat: factsOf().rootTries.stat, list: known(DENIED), create: known(DENIED) },
  searchTries: [{ path: ROOT, answer: DENIED }],
});

const ROWS: { name: string; facts: Facts; lines: string[] }[] = [
  { name: 'all contents belong to the service', facts: withContents({}), lines: [] },
  {
    name: 'entries of root that the service can’t use',
    facts: withContents(WRONG),
    lines: [`fault wrong-owner kernel ${BLOBS}`],
  },
  {
    name: 'entries of root that the service can use anyway',
    facts: withContents({ foreign: [foreignOf({ denied: known({ directories: 0, files: 0 }) })] }),
    lines: [],
  },
  {
    name: 'files of root that the service can’t read, in its own directories',
    facts: withContents({ foreign: [foreignOf({ denied: known({ directories: 0, files: 3 }) })] }),
    lines: [`fault wrong-owner kernel ${BLOBS}`],
  },
  {
    name: 'entries of root, and access could not be tested',
    facts: withContents({ foreign: [foreignOf({ denied: UNTRIED })], closed: UNTRIED }),
    lines: [`warning wrong-owner unproven ${BLOBS}`, `warning contents-not-judged unproven ${ROOT}`],
  },
  {
    name: 'entries of root, and a service that bypasses mode bits',
    facts: withContents({ foreign: [foreignOf({ denied: UNTRIED })], closed: UNTRIED }, { identity: OVERRIDING }),
    lines: [],
  },
  {
    name: 'the storage root belongs to root as well and blocks everyone, which is one fault',
    facts: withContents({ foreign: [foreignOf({ denied: UNTRIED })], closed: UNTRIED }, deniedRoot('root:root')),
    lines: [`fault wrong-owner evaluated ${ROOT}`, `info storage-root-unusable kernel ${ROOT}`],
  },
  {
    name: 'only the storage root belongs to root',
    facts: withContents({ closed: UNTRIED }, deniedRoot('root:root')),
    lines: [`fault storage-root-unusable kernel ${ROOT}`],
  },
  {
    name: 'a tree that is shared on purpose with one closed directory, whose mode bits are the fault',
    facts: withContents(
      {
        foreign: [foreignOf({ uid: 998, gid: 993, owner: 'git', group: 'registry' })],
        closed: triedAndClosed(closedDirectory({ path: BLOBS, mode: '2750', uid: 998, gid: 993, owner: 'git' })),
      },
      { nodes: [dir(ROOT, '2770', 'git:registry')] },
    ),
    lines: [`fault inner-directory-unusable kernel ${BLOBS}`],
  },
  {
    name: 'a wrong owner below an unmounted disk, which is only a consequence',
    facts: withContents(WRONG, { mountSetup: mountSetupOf({ fstab: [fstabLine(`/dev/sdb1 ${ROOT} ext4 defaults`)] }) }),
    lines: [`info wrong-owner kernel ${BLOBS}`],
  },
  {
    name: 'directories of the service without the write bit',
    facts: withContents({
      closed: triedAndClosed(OWN),
      ownClosed: { count: 2, directories: [OWN, HIDDEN], complete: true },
    }),
    lines: [
      `fault inner-directory-unusable kernel ${OWN.path}`,
      `fault inner-directory-unusable evaluated ${HIDDEN.path}`,
    ],
  },
  {
    name: 'a closed directory of the service next to entries of root',
    facts: withContents({ foreign: [foreignOf()], closed: triedAndClosed(ROOTS, OWN) }),
    lines: [`fault wrong-owner kernel ${BLOBS}`, `fault inner-directory-unusable kernel ${OWN.path}`],
  },
  {
    name: 'a file of the service that it can’t read',
    facts: withContents({ shut: { count: 2, entries: [SHUT] } }),
    lines: [`fault inner-file-unusable kernel ${SHUT.path}`],
  },
  {
    name: 'an immutable directory, and a service that bypasses mode bits',
    facts: withContents({ closed: triedAndClosed({ ...OWN, immutable: true }) }, { identity: OVERRIDING }),
    lines: [`fault immutable-directory kernel ${OWN.path}`],
  },
  {
    name: 'a process that closes to itself what it creates',
    facts: withContents({ umask: Mode.parse('0177'), closed: triedAndClosed(OWN) }),
    lines: ['fault umask-too-tight evaluated -', `info inner-directory-unusable kernel ${OWN.path}`],
  },
  {
    name: 'a umask that takes all from others',
    facts: withContents({ umask: Mode.parse('0077') }),
    lines: [],
  },
  {
    name: 'modes after chmod -R 777',
    facts: withContents({ worldWritable: { entries: 7, firstPaths: [hostPath(BLOBS)], footprint: [] } }),
    lines: [`warning world-writable-storage evaluated ${BLOBS}`],
  },
  {
    name: 'modes after chmod -R 777, on the storage root as well',
    facts: withContents(
      { worldWritable: { entries: 7, firstPaths: [hostPath(BLOBS)], footprint: [] } },
      { nodes: [dir(ROOT, '0777', 'registry:registry')] },
    ),
    lines: [`warning world-writable-storage evaluated ${ROOT}`],
  },
  {
    name: 'more repositories on the disk than in the registry’s list',
    facts: withContents({}, { listed: known({ repositories: 1, more: false }) }),
    lines: ['info images-unseen evaluated -'],
  },
  {
    name: 'repositories on the disk, and none in the registry’s list',
    facts: withContents({}, { listed: known({ repositories: 0, more: false }) }),
    lines: ['warning images-unseen evaluated -'],
  },
  {
    name: 'a registry’s list with further pages',
    facts: withContents({ repositories: 214 }, { listed: known({ repositories: 100, more: true }) }),
    lines: [],
  },
  {
    name: 'a registry’s list that could not be read',
    facts: withContents({}, { listed: unknown('token-wanted') }),
    lines: [],
  },
  {
    name: 'a storage that was never used',
    facts: withContents({ repositories: 0, entries: 0, top: null }),
    lines: [`info storage-empty evaluated ${ROOT}`],
  },
  {
    name: 'a storage that was never used, behind a closed directory',
    facts: withContents(
      { repositories: 0, entries: 0, top: null },
      {
        nodes: [dir(ROOT.slice(0, ROOT.lastIndexOf('/')), '0700'), dir(ROOT, '0750', 'registry:registry')],
        closed: [ROOT.slice(0, ROOT.lastIndexOf('/'))],
        v2: known({ url: 'http://127.0.0.1:5000/v2/', status: 401, body: '{}' }),
      },
    ),
    lines: [],
  },
  {
    name: 'a storage that was never used and is itself closed',
    facts: withContents({ repositories: 0, entries: 0, top: null, closed: UNTRIED }, deniedRoot('git:git')),
    lines: [`fault storage-root-unusable kernel ${ROOT}`],
  },
  {
    name: 'an empty storage of a registry that lists images',
    facts: withContents({ repositories: 0, top: null }, { listed: known({ repositories: 3, more: false }) }),
    lines: [`warning storage-empty evaluated ${ROOT}`],
  },
  {
    name: 'a scan that stopped before it reached a repository, which proves no emptiness',
    facts: withContents({ repositories: 0, complete: false }),
    lines: [],
  },
  {
    name: 'a scan that stopped early, after all directories that the registry writes to',
    facts: withContents({
      complete: false,
      closed: known({ ...ALL_SEEN, complete: false, writePlacesTried: true }),
    }),
    lines: [],
  },
  {
    name: 'an access test that stopped before all directories that the registry writes to',
    facts: withContents({
      complete: false,
      writePlacesSeen: false,
      closed: known({ ...ALL_SEEN, complete: false, writePlacesTried: false }),
    }),
    lines: [`warning contents-not-judged unproven ${ROOT}`],
  },
  {
    name: 'contents that were not scanned',
    facts: factsOf({ contents: unknown('not-permitted') }),
    lines: [`warning contents-not-judged unproven ${ROOT}`],
  },
  {
    name: 'contents of the service to which access could not be tested',
    facts: withContents({ closed: UNTRIED }),
    lines: [],
  },
  {
    name: 'nothing is asked of a storage that is not a directory',
    facts: factsOf({
      contents: unknown('not-permitted'),
      storageRoot: ROOT,
      nodes: [dir('/var', '0700')],
      closed: ['/var'],
    }),
    lines: [],
  },
];

describe('findings about what lies below the storage root', () => {
  for (const { name, facts, lines } of ROWS)
    test(`the findings about the storage’s contents are right: ${name}`, () => assert.deepEqual(linesOf(facts), lines));
});

describe('the verdict on a storage without a known fault', () => {
  const verdict = (facts: Facts) => verdictOf(allFindings(facts));

  test('an empty new storage is called healthy, and an empty storage that had images is not', () => {
    assert.equal(verdict(withContents({ repositories: 0, top: null })), 'healthy');
    const listed = known({ repositories: 3, more: false });
    assert.equal(verdict(withContents({ repositories: 0, top: null }, { listed })), 'inconclusive');
  });

  test('a registry is not called healthy if its storage’s contents could not be checked', () => {
    assert.equal(verdict(factsOf({ contents: absent })), 'inconclusive');
    assert.equal(verdict(withContents({ foreign: [foreignOf({ denied: UNTRIED })], closed: UNTRIED })), 'inconclusive');
  });
});

describe('the finding about files with the wrong owner', () => {
  const wrongOwnerIn = (facts: Facts) => {
    const found = allFindings(facts).find(({ id }) => id === 'wrong-owner');
    return found?.id === 'wrong-owner' ? found : assert.fail();
  };

  test('the finding about a wrong owner says that ids drifted if that uid has no name on this host', () => {
    const foreign = [foreignOf({ uid: 992, owner: '992' })];
    const closed = triedAndClosed(closedDirectory({ uid: 992, gid: 0 }));
    assert.equal(wrongOwnerIn(withContents({ foreign, closed })).drift, 'no-account');
  });

  test('the finding about a wrong owner says that ids drifted if the account has that uid now and the process another', () => {
    const account = known({ ...REGISTRY, uid: 0 });
    assert.equal(wrongOwnerIn(withContents(WRONG, { account })).drift, 'account');
  });

  test('the finding about a wrong owner does not say that ids drifted if the owner is another account', () =>
    assert.equal(wrongOwnerIn(withContents(WRONG)).drift, null));

  const OBSTACLES: [why: string, facts: Facts][] = [
    ['not-counted', withContents({ ...WRONG, complete: false })],
    ['not-counted', withContents({ ...WRONG, moreOwners: true })],
    ['not-counted', withContents({ ...WRONG, foreign: [foreignOf({ digest: null })] })],
    ['too-many', withContents({ ...WRONG, foreign: [foreignOf({ entries: 20_001 })] })],
    ['mount-below', withContents({ ...WRONG, mountsBelow: 1 })],
    ['unusual', withContents({ ...WRONG, foreign: [foreignOf({ unusual: 1 })] })],
    ['closed-to-owner', withContents({ ...WRONG, foreign: [foreignOf({ closedToOwner: 1 })] })],
    ['stub', withContents({ ...WRONG, entries: 1 })],
    ['mounts-unknown', withContents(WRONG, { mountSetup: unknown('not-permitted') })],
    ['not-tried', withContents(WRONG, { process: unknown('not-permitted') })],
    [
      'mount-missing',
      withContents(WRONG, { mountSetup: mountSetupOf({ fstab: [fstabLine(`/dev/sdb1 ${ROOT} ext4 defaults`)] }) }),
    ],
  ];
  for (const [why, facts] of OBSTACLES) {
    test(`the wrong owner of a storage is not changed by a plan if ${why}`, () =>
      assert.equal(wrongOwnerIn(facts).noChown, why));
  }
});

describe('a closed directory below the storage root', () => {
  const noChmodOf = (directory: StorageContents['closed'], more: FactsOptions = {}) => {
    const found = allFindings(withContents({ closed: directory }, more)).find(
      ({ id }) => id === 'inner-directory-unusable',
    );
    return found?.id === 'inner-directory-unusable' ? found.noChmod : assert.fail();
  };

  test('the plan gives the service its missing permission on its own directory below the storage root', () =>
    assert.equal(noChmodOf(triedAndClosed(OWN)), null));

  test('a directory below the storage root that its mode allows and the kernel denies gets no plan', () => {
    const open = closedDirectory({ mode: Mode.parse('0755') });
    assert.equal(noChmodOf(triedAndClosed(open)), 'modes-not-kept');
  });

  test('a directory of another owner below the storage root whose ACL decides gets no chmod', () => {
    const git = closedDirectory({ mode: '2770', uid: 998, gid: 993, owner: 'git', acl: true });
    assert.equal(noChmodOf(triedAndClosed(git), { nodes: [dir(ROOT, '2770', 'git:registry')] }), 'acl');
  });

  test('a directory below the storage root that everyone can write to gets no plan', () => {
    assert.equal(noChmodOf(triedAndClosed(closedDirectory({ mode: '0577' }))), 'world-writable');
  });
});

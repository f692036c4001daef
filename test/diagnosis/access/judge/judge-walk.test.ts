import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeWalk, type Walk } from '../../../../src/diagnosis/access/judge/judge-walk.ts';
import type { WayEnd } from '../../../../src/diagnosis/access/kernel/resolve-path.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, Identity, PathNode, TryResult } from '../../../../src/model/host/facts.ts';
import type { Reason } from '../../../../src/model/reason.ts';
import {
  ALLOWED,
  DENIED,
  dir,
  factsOf,
  file,
  hostPath,
  link,
  missing,
  REGISTRY,
  unseen,
  withoutTries,
} from '../../../support/facts/facts-builder.ts';
import { INCIDENT_BLOCKERS, INCIDENT_ROOT, incidentFacts } from '../../../support/facts/incident-facts.ts';

type WayRow = { name: string; path: string; nodes: PathNode[]; walked: string[]; end: WayEnd };

const end = {
  missing: (
    path: string,
    from: { path: string; target: string } | null = null,
    rest: readonly string[] = [],
  ): WayEnd => ({
    kind: 'missing',
    path: hostPath(path),
    link: from && { path: hostPath(from.path), target: from.target },
    rest,
  }),
  file: (path: string): WayEnd => ({ kind: 'not-a-directory', path: hostPath(path) }),
  unseen: (path: string, why: Reason): WayEnd => ({ kind: 'unseen', path: hostPath(path), why }),
  loop: (path: string): WayEnd => ({ kind: 'loop', path: hostPath(path) }),
};

function at(path: string, nodes: PathNode[]): WayEnd {
  const node = factsOf({ nodes }).nodes.find((candidate) => candidate.path === path);
  assert.ok(node?.state === 'present');
  return { kind: 'directory', root: node };
}

const PLAIN = [dir('/a/b/c')];
const ABSOLUTE = [link('/a/l', '/x/y'), dir('/x/y/c')];
const RELATIVE = [dir('/a/b'), link('/a/b/l', '../x'), dir('/a/x/c')];
const CHAINED = [link('/one', 'two'), link('/two', '/three/'), link('/three', 'end//.'), dir('/end')];
const PHYSICAL = [link('/a', '/deep/er'), dir('/deep/er'), link('/deep/er/up', '../beside'), dir('/deep/beside')];

const WAYS: WayRow[] = [
  {
    name: 'a plain path',
    path: '/a/b/c',
    nodes: PLAIN,
    walked: ['/', '/a', '/a/b', '/a/b/c'],
    end: at('/a/b/c', PLAIN),
  },
  {
    name: 'empty components and a trailing slash',
    path: '//a///b/',
    nodes: PLAIN,
    walked: ['/', '/a', '/a/b'],
    end: at('/a/b', PLAIN),
  },
  { name: '"." and ".."', path: '/a/./b/../b', nodes: PLAIN, walked: ['/', '/a', '/a/b'], end: at('/a/b', PLAIN) },
  { name: '".." of the root is the root', path: '/../../a', nodes: PLAIN, walked: ['/', '/a'], end: at('/a', PLAIN) },
  {
    name: 'an absolute symlink continues from the root',
    path: '/a/l/c',
    nodes: ABSOLUTE,
    walked: ['/', '/a', '/a/l', '/x', '/x/y', '/x/y/c'],
    end: at('/x/y/c', ABSOLUTE),
  },
  {
    name: 'a relative symlink continues from its directory',
    path: '/a/b/l/c',
    nodes: RELATIVE,
    walked: ['/', '/a', '/a/b', '/a/b/l', '/a/x', '/a/x/c'],
    end: at('/a/x/c', RELATIVE),
  },
  {
    name: 'a relative symlink continues from its physical directory, not from the one it was reached through',
    path: '/a/up',
    nodes: PHYSICAL,
    walked: ['/', '/a', '/deep', '/deep/er', '/deep/er/up', '/deep/beside'],
    end: at('/deep/beside', PHYSICAL),
  },
  {
    name: 'symlinks to symlinks',
    path: '/one',
    nodes: CHAINED,
    walked: ['/', '/one', '/two', '/three', '/end'],
    end: at('/end', CHAINED),
  },
  {
    name: 'a missing name',
    path: '/a/b/none/c',
    nodes: [...PLAIN, missing('/a/b/none')],
    walked: ['/', '/a', '/a/b', '/a/b/none'],
    end: end.missing('/a/b/none', null, ['c']),
  },
  {
    name: 'a symlink’s missing target',
    path: '/l/c',
    nodes: [link('/l', '/x/gone/y'), dir('/x'), missing('/x/gone')],
    walked: ['/', '/l', '/x', '/x/gone'],
    end: end.missing('/x/gone', { path: '/l', target: '/x/gone/y' }, ['y', 'c']),
  },
  {
    name: 'a missing name behind a symlink is not the symlink’s fault',
    path: '/l/gone',
    nodes: [link('/l', '/x'), dir('/x'), missing('/x/gone')],
    walked: ['/', '/l', '/x', '/x/gone'],
    end: end.missing('/x/gone'),
  },
  {
    name: 'of several symlinks, the one whose target is missing',
    path: '/one/c',
    nodes: [link('/one', '/two'), link('/two', '/gone'), missing('/gone')],
    walked: ['/', '/one', '/two', '/gone'],
    end: end.missing('/gone', { path: '/two', target: '/gone' }, ['c']),
  },
  {
    name: 'a file in the middle',
    path: '/a/f/c',
    nodes: [file('/a/f')],
    walked: ['/', '/a', '/a/f'],
    end: end.file('/a/f'),
  },
  {
    name: 'a file at the end',
    path: '/a/f',
    nodes: [file('/a/f')],
    walked: ['/', '/a', '/a/f'],
    end: end.file('/a/f'),
  },
  {
    name: 'a directory that could not be inspected',
    path: '/a/b/c',
    nodes: [dir('/a'), unseen('/a/b', { code: 'not-permitted' })],
    walked: ['/', '/a', '/a/b'],
    end: end.unseen('/a/b', { code: 'not-permitted' }),
  },
  {
    name: 'a directory that the probe did not report',
    path: '/a/b',
    nodes: [dir('/a')],
    walked: ['/', '/a', '/a/b'],
    end: end.unseen('/a/b', { code: 'not-looked-at' }),
  },
  {
    name: 'symlinks in a ring',
    path: '/p/c',
    nodes: [link('/p', 'q'), link('/q', 'p')],
    walked: ['/', '/p', '/q'],
    end: end.loop('/p'),
  },
];

describe('path resolution follows symlinks and ".." as the kernel does', () => {
  for (const { name, path, nodes, walked, end: expected } of WAYS) {
    test(`a path is resolved as the kernel resolves it: ${name}`, () => {
      const walk = judgeWalk(factsOf({ nodes }), hostPath(path), REGISTRY);
      assert.deepEqual(
        walk.visits.map(({ node }) => String(node.path)),
        walked,
      );
      assert.deepEqual(walk.end, expected);
    });
  }

  for (const links of [40, 41]) {
    test(`a path through ${links} symlinks is resolved as far as the kernel resolves it`, () => {
      const chain = Array.from({ length: links }, (_, index) => link(`/l${index}`, `l${index + 1}`));
      const nodes = [...chain, dir(`/l${links}`)];
      const { end: reached } = judgeWalk(factsOf({ nodes }), hostPath('/l0'), REGISTRY);
      assert.deepEqual(reached, links === 40 ? at('/l40', nodes) : end.loop('/l40'));
    });
  }

  test('a symlink target that is longer than any path ends the path’s resolution without an exception', () => {
    const nodes = [dir('/a'), link('/a/l', 'x'.repeat(20_000))];
    const walk = judgeWalk(factsOf({ nodes }), hostPath('/a/l'), REGISTRY);
    assert.equal(walk.end.kind, 'unseen');
  });
});

describe('every closed directory on the path is found', () => {
  test('in the incident, both closed directories behind the symlink are found and reported as proven by the kernel', () => {
    const walk = judgeWalk(incidentFacts(), hostPath(INCIDENT_ROOT), REGISTRY);
    const closed = walk.visits.filter(({ step }) => step.access === 'denied');
    assert.deepEqual(
      closed.map(({ step }) => [String(step.path), step.proof]),
      INCIDENT_BLOCKERS.map((path) => [path, 'kernel']),
    );
    assert.ok(closed.every(({ through }) => through?.path === '/var/opt/gitlab/gitlab-rails'));
    assert.equal(walk.passable, 'no');
  });

  test('the service does not need x on the storage root only to reach it', () => {
    const facts = factsOf({ nodes: [dir('/r', '0000')] });
    const walk = judgeWalk(facts, hostPath('/r'), REGISTRY);
    assert.equal(walk.passable, 'yes');
    assert.deepEqual(
      walk.visits.map(({ searched }) => searched),
      [true, false],
    );
  });

  test('the service needs x on the storage root if the path ends in "."', () => {
    const facts = withoutTries(factsOf({ nodes: [dir('/r', '0000')] }));
    assert.equal(judgeWalk(facts, hostPath('/r/.'), REGISTRY).passable, 'no');
  });

  test('if the service’s identity is unknown, the path is reported, but not whether the service can pass through it', () => {
    const walk = judgeWalk(incidentFacts(), hostPath(INCIDENT_ROOT), null);
    assert.equal(walk.end.kind, 'directory');
    assert.equal(walk.passable, 'unknown');
    assert.ok(walk.visits.every(({ step }) => step.kind === 'symlink' || step.access === 'unknown'));
  });
});

describe('how the kernel’s answer to an access test counts for a directory on the path', () => {
  const OPEN = '0755';
  const CLOSED = '0750';
  const FAILED: TryResult = { result: 'failed', why: { code: 'host-said', said: 'Input/output error' } };
  const rows: { name: string; mode: string; tried: TryResult | null; access: string; proof: string; kind: string }[] = [
    { name: 'agrees on allowed', mode: OPEN, tried: ALLOWED, access: 'allowed', proof: 'kernel', kind: 'bits' },
    { name: 'agrees on denied', mode: CLOSED, tried: DENIED, access: 'denied', proof: 'kernel', kind: 'bits' },
    { name: 'is missing: allowed', mode: OPEN, tried: null, access: 'allowed', proof: 'evaluated', kind: 'bits' },
    { name: 'is missing: denied', mode: CLOSED, tried: null, access: 'denied', proof: 'evaluated', kind: 'bits' },
    {
      name: 'failed, so it says nothing',
      mode: CLOSED,
      tried: FAILED,
      access: 'denied',
      proof: 'evaluated',
      kind: 'bits',
    },
    {
      name: 'denies what the bits allow',
      mode: OPEN,
      tried: DENIED,
      access: 'unknown',
      proof: 'unproven',
      kind: 'disagreement',
    },
    {
      name: 'allows what the bits deny',
      mode: CLOSED,
      tried: ALLOWED,
      access: 'unknown',
      proof: 'unproven',
      kind: 'disagreement',
    },
  ];
  for (const { name, mode, tried, access, proof, kind } of rows) {
    test(`the kernel’s answer to an access test of a directory ${name}`, () => {
      const { step } = visitOf(walkWith({ mode, tried }), '/d');
      assert.deepEqual([step.access, step.proof, step.reason.kind], [access, proof, kind]);
    });
  }

  test('if a directory’s ACL was not read, the kernel’s denial that the mode bits agree with is reported as proven', () => {
    const { step } = visitOf(walkWith({ mode: CLOSED, tried: DENIED, aclUnread: true }), '/d');
    assert.deepEqual([step.access, step.proof, step.reason.kind], ['denied', 'kernel', 'bits']);
  });

  test('if a directory’s ACL was not read, an access that the kernel allowed is reported as proven against the mode bits', () => {
    const { step } = visitOf(walkWith({ mode: CLOSED, tried: ALLOWED, aclUnread: true }), '/d');
    assert.deepEqual([step.access, step.proof, step.reason.kind], ['allowed', 'kernel', 'undecided']);
  });

  test('if a directory’s ACL was not read, the kernel’s denial stays unproven where the mode bits allow access', () => {
    const { step } = visitOf(walkWith({ mode: OPEN, tried: DENIED, aclUnread: true }), '/d');
    assert.deepEqual([step.access, step.proof], ['unknown', 'unproven']);
  });

  test('if a directory’s ACL was not read and nothing was tested, access to it stays unknown', () => {
    const { step } = visitOf(walkWith({ mode: OPEN, tried: null, aclUnread: true }), '/d');
    assert.deepEqual([step.access, step.proof, step.reason.kind], ['unknown', 'unproven', 'undecided']);
  });

  const inOps: Identity = { ...REGISTRY, groups: [1500] };
  const others: [string, Identity, Identity][] = [
    ['with a group more', REGISTRY, inOps],
    ['with a group less', inOps, REGISTRY],
    ['with another uid', REGISTRY, { ...REGISTRY, uid: 994 }],
    ['with a capability', REGISTRY, { ...REGISTRY, dacReadSearch: true }],
    ['without a capability', { ...REGISTRY, dacOverride: true }, REGISTRY],
  ];
  for (const [name, judged, tried] of others) {
    test(`an access test does not count if it ran under an identity ${name}`, () => {
      const facts = { ...incidentFacts(), triedAs: known(tried) };
      const walk = judgeWalk(facts, hostPath(INCIDENT_ROOT), judged);
      assert.ok(walk.visits.every(({ step }) => step.proof === 'evaluated'));
      assert.equal(walk.stat, null);
    });
  }

  test('an access test counts for the same groups in another order, with or without the primary group in the list', () => {
    const mine: Identity = { ...REGISTRY, groups: [1500, 998] };
    const theirs: Identity = { ...REGISTRY, user: 'somebody', groups: [998, 993, 1500] };
    const facts = { ...factsOf({ nodes: [dir('/d')] }), triedAs: known(theirs) };
    assert.equal(visitOf(judgeWalk(facts, hostPath('/d'), mine), '/').step.proof, 'kernel');
  });

  test('an access test that passed the whole path proves access to every directory and symlink on it', () => {
    const facts = { ...factsOf({ nodes: [link('/l', '/d'), dir('/d/e')] }), searchTries: [] };
    const walk = judgeWalk(facts, hostPath('/l/e'), REGISTRY);
    assert.deepEqual(
      walk.visits.map(({ step }) => step.proof),
      ['kernel', 'kernel', 'kernel', 'evaluated'],
    );
  });
});

describe('the expected result of a stat on the whole path', () => {
  const nothingTried = (nodes: PathNode[]) => withoutTries(factsOf({ nodes }));
  const rows: [string, Facts, string, string | null][] = [
    ['an open path', nothingTried([dir('/a/b')]), '/a/b', 'ok'],
    ['a closed directory', nothingTried([dir('/a', '0700'), dir('/a/b')]), '/a/b', 'EACCES'],
    ['a closed directory before the missing one', nothingTried([dir('/a', '0700'), missing('/a/b')]), '/a/b', 'EACCES'],
    ['a missing name', nothingTried([dir('/a'), missing('/a/b')]), '/a/b', 'ENOENT'],
    ['a file', nothingTried([file('/a')]), '/a/b', 'ENOTDIR'],
    ['symlinks in a ring', nothingTried([link('/a', 'a')]), '/a', 'ELOOP'],
    ['a directory that could not be inspected', nothingTried([unseen('/a')]), '/a/b', null],
    [
      'an ACL that was not read',
      nothingTried([{ ...dir('/a'), acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) }, dir('/a/b')]),
      '/a/b',
      null,
    ],
  ];
  for (const [name, facts, path, expected] of rows) {
    test(`the expected result of a stat on a path is computed for ${name}`, () =>
      assert.equal(judgeWalk(facts, hostPath(path), REGISTRY).expected, expected));
  }
});

describe('a stat on the whole path, compared with the access to each directory on it', () => {
  const rootTries = (stat: TryResult): Facts['rootTries'] => ({
    stat: known(stat),
    list: known(stat),
    create: known(stat),
  });

  test('a denied stat on a path whose directories all seem open is reported as a contradiction', () => {
    const facts = factsOf({ nodes: [dir('/d')], rootTries: rootTries(DENIED) });
    const { contradiction } = judgeWalk(facts, hostPath('/d'), REGISTRY);
    assert.deepEqual(contradiction, { path: '/d', evaluated: 'allowed', tried: 'denied' });
  });

  test('an allowed stat on a path with a directory that seems closed is reported as a contradiction', () => {
    const facts = { ...incidentFacts(), rootTries: rootTries(ALLOWED) };
    const { contradiction } = judgeWalk(facts, hostPath(INCIDENT_ROOT), REGISTRY);
    assert.deepEqual(contradiction, { path: INCIDENT_ROOT, evaluated: 'denied', tried: 'allowed' });
  });

  test('an allowed stat on a path with a directory that seems missing is reported as a contradiction', () => {
    const facts = factsOf({ nodes: [missing('/d')] });
    assert.equal(judgeWalk(facts, hostPath('/d'), REGISTRY).contradiction?.evaluated, 'denied');
  });

  test('a stat that agrees with the access to each directory on the path is not reported as a contradiction', () => {
    assert.equal(judgeWalk(incidentFacts(), hostPath(INCIDENT_ROOT), REGISTRY).contradiction, null);
    assert.equal(judgeWalk(factsOf(), hostPath('/var/lib/registry'), REGISTRY).contradiction, null);
  });
});

function walkWith(of: { mode: string; tried: TryResult | null; aclUnread?: boolean }): Walk {
  const open = dir('/d', of.mode);
  const directory = of.aclUnread ? { ...open, acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) } : open;
  const facts = factsOf({ nodes: [directory, dir('/d/root')], closed: ['/d'] });
  const searchTries = of.tried ? [{ path: hostPath('/d'), answer: of.tried }] : [];
  return judgeWalk({ ...facts, searchTries }, hostPath('/d/root'), REGISTRY);
}

function visitOf(walk: Walk, path: string) {
  const visit = walk.visits.find(({ node }) => node.path === path);
  assert.ok(visit);
  return visit;
}

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import type { PathNode } from '../../../../src/model/host/facts.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { configuredHost, factsOf, probe } from '../../probe-run.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS, type Shell } from '../../shells.ts';

/** The walk to the storage root, as path_resolution(7) has it. */

const skip = skipUnless('linux', 'root');
const ABOVE = ['/', '/var', '/var/tmp'];

type Way = {
  readonly what: string;
  readonly make: (tree: ScratchTree) => void;
  /** Below the tree, unless `absolute` says otherwise. */
  readonly root: string;
  /** The inodes met below the tree, in order: the path, and `missing` where nothing is there. */
  readonly met: readonly string[];
};

const WAYS: readonly Way[] = [
  {
    what: 'doubled and trailing slashes',
    make: (tree) => mkdirSync(tree.at('a/b'), { recursive: true }),
    root: '/a///b//',
    met: ['a', 'a/b'],
  },
  {
    what: 'dots in a link’s target, and two of them',
    make: (tree) => {
      mkdirSync(tree.at('a/b'), { recursive: true });
      mkdirSync(tree.at('c'));
      tree.link(tree.at('link'), 'a/./b/../../c/.');
    },
    root: '/link',
    met: ['link', 'a', 'a/b', 'c'],
  },
  {
    what: 'a relative link, which goes on from its physical parent',
    make: (tree) => {
      mkdirSync(tree.at('real/deep/inside'), { recursive: true });
      tree.link(tree.at('shortcut'), 'real/deep');
      tree.link(tree.at('real/deep/up'), '../other');
      mkdirSync(tree.at('real/other/root'), { recursive: true });
    },
    root: '/shortcut/up/root',
    met: ['shortcut', 'real', 'real/deep', 'real/deep/up', 'real/other', 'real/other/root'],
  },
  {
    what: 'two dots in a link’s target behind another link, which leave its target and not the link',
    make: (tree) => {
      mkdirSync(tree.at('real/deep'), { recursive: true });
      mkdirSync(tree.at('real/sibling'));
      tree.link(tree.at('shortcut'), 'real/deep');
      tree.link(tree.at('root'), './/shortcut/./../sibling');
    },
    root: '/root',
    met: ['root', 'shortcut', 'real', 'real/deep', 'real/sibling'],
  },
  {
    what: 'two dots in the root itself, which the registry resolves as text',
    make: (tree) => {
      mkdirSync(tree.at('real/deep'), { recursive: true });
      mkdirSync(tree.at('sibling'));
      tree.link(tree.at('shortcut'), 'real/deep');
    },
    root: '//./shortcut/../gone/../sibling/',
    met: ['sibling'],
  },
  {
    what: 'links to links, absolute and relative',
    make: (tree) => {
      mkdirSync(tree.at('end'));
      tree.link(tree.at('one'), tree.at('two'));
      tree.link(tree.at('two'), 'three');
      tree.link(tree.at('three'), './end');
    },
    root: '/one',
    met: ['one', 'two', 'three', 'end'],
  },
  {
    what: 'a broken symlink',
    make: (tree) => tree.link(tree.at('dangling'), 'gone/registry'),
    root: '/dangling/root',
    met: ['dangling', 'gone missing'],
  },
  { what: 'a missing root', make: () => {}, root: '/nothing/here', met: ['nothing missing'] },
  {
    what: 'a file in the way',
    make: (tree) => writeFileSync(tree.at('file'), ''),
    root: '/file/root',
    met: ['file'],
  },
  {
    what: 'a link to itself',
    make: (tree) => tree.link(tree.at('self'), 'self'),
    root: '/self/root',
    met: ['self'],
  },
  {
    what: 'a loop of links',
    make: (tree) => {
      tree.link(tree.at('ping'), 'pong/x');
      tree.link(tree.at('pong'), 'ping/y');
    },
    root: '/ping',
    met: ['ping', 'pong'],
  },
  {
    what: 'forty links, which the kernel follows',
    make: (tree) => chainOfLinks(tree, 40),
    root: '/link1',
    met: [...linksUpTo(40), 'end'],
  },
  {
    what: 'forty-one links, of which the kernel follows forty',
    make: (tree) => chainOfLinks(tree, 41),
    root: '/link1',
    met: linksUpTo(41),
  },
];

function linksUpTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `link${index + 1}`);
}

function chainOfLinks(tree: ScratchTree, count: number): void {
  mkdirSync(tree.at('end'));
  for (const [index, name] of linksUpTo(count).entries()) {
    tree.link(tree.at(name), index + 1 === count ? 'end' : `link${index + 2}`);
  }
}

for (const { what, make, root, met } of WAYS) {
  describe(`the probe of a path with ${what}`, { skip }, () => {
    let tree: ScratchTree;

    before(() => {
      tree = new ScratchTree();
      make(tree);
    });
    after(() => tree?.remove());

    const nodesSeenBy = (shell: Shell): readonly PathNode[] =>
      factsOf(probe(shell, configuredHost(tree, `${tree.root}${root}`))).nodes;

    for (const shell of SHELLS) {
      const test = inTurn(shell);
      test(`${shell.name}: the probe reports each file on a path once and in order: ${what}`, {
        skip: shell.skip,
      }, () => {
        const seen = nodesSeenBy(shell).map(({ path, state }) => (state === 'present' ? path : `${path} ${state}`));
        // The way to the config file comes last; of it only the file was not met before.
        const belowTree = [...met, 'config.yml'].map((name) => `${tree.root}/${name}`);
        assert.deepEqual(seen, [...ABOVE, `${tree.root}`, ...belowTree]);
      });
    }
  });
}

describe('the probe of a path with too many components', { skip }, () => {
  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe says that it did not see the end of a path with too many components`, {
      skip: shell.skip,
    }, () => {
      const tree = new ScratchTree();
      try {
        const deep = '/d'.repeat(300);
        mkdirSync(`${tree.root}${deep}`, { recursive: true });
        const { nodes } = factsOf(probe(shell, configuredHost(tree, `${tree.root}${deep}`)));
        // The way to the config file comes after it.
        assert.equal(
          nodes.findIndex(({ state }) => state === 'unseen'),
          256,
        );
        const last = nodes[256];
        assert.deepEqual(last?.state === 'unseen' && last.why, { code: 'way-too-long', detail: '256' });
      } finally {
        tree.remove();
      }
    });
  }
});

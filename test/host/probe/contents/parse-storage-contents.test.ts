import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseStorageContents } from '../../../../src/host/probe/contents/parse-storage-contents.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import type { Facts } from '../../../../src/model/host/facts.ts';

const TREE = `place /srv/r
tree known 2049:77:41ed:993:993
mounts-below 0
scan places whole 3
repositories places 1
open places 0
own-closed-count places 0
scan all whole 9
repositories all 2
open all 1
footprint all 1 0
open-digest d ${'cd'.repeat(32)}  -
umask 0022
own-closed-count all 0
owner all 0 0 4 1 2
user 0 root
group 0 
digest 0 0 ${'ab'.repeat(32)}  -
note all owner-path 0 0 docker/a  b
note all open-path docker/c\xc3\xa9
tries known whole whole 1
denied directories 0 0 1
denied files 0 0 2
closed -rw 4712 0 0 755 docker/a  b
acl docker/a  b
shut file r 993 993 200 docker/a  data
shut symlink w 0 0 777 docker/l
shut-count 3
took 10.00 10.25
`;

const parse = (text: string) => parseStorageContents(Buffer.from(text, 'latin1'));
const listedOf = (answer: string): Facts['listed'] => parse(`tree unknown x\ncatalog\n${answer}`).listed;
const contentsOf = (text: string) => {
  const { contents } = parse(text);
  return contents.state === 'known' ? contents.value : assert.fail(JSON.stringify(contents));
};

describe('the parser of the probe’s output about the storage’s contents', () => {
  test('the parser of the storage’s contents reads them as the probe writes them', () => {
    const contents = contentsOf(TREE);
    assert.deepEqual(contents.foreign, [
      {
        uid: 0,
        gid: 0,
        owner: 'root',
        group: '0',
        entries: 4,
        firstPaths: ['/srv/r/docker/a  b'],
        denied: known({ directories: 1, files: 2 }),
        closedToOwner: 1,
        unusual: 2,
        digest: 'ab'.repeat(32),
      },
    ]);
    assert.deepEqual(contents.closed.state === 'known' && contents.closed.value.directories[0], {
      path: '/srv/r/docker/a  b',
      lacking: ['list', 'create'],
      inode: '4712',
      mode: '0755',
      uid: 0,
      gid: 0,
      owner: 'root',
      group: '0',
      immutable: false,
      acl: true,
    });
    assert.deepEqual(contents.shut, {
      count: 3,
      entries: [
        { path: '/srv/r/docker/a  data', kind: 'file', lacking: 'read', mode: '0200', uid: 993, gid: 993 },
        { path: '/srv/r/docker/l', kind: 'symlink', lacking: 'write', mode: '0777', uid: 0, gid: 0 },
      ],
    });
    assert.deepEqual(contents.worldWritable, {
      entries: 1,
      firstPaths: ['/srv/r/docker/cé'],
      footprint: [{ kind: 'directory', entries: 1, digest: 'cd'.repeat(32) }],
    });
    assert.equal(contents.umask, '0022');
    assert.deepEqual([contents.entries, contents.repositories, contents.tookMs], [9, 2, 250]);
  });

  test('for a scan that stopped early, the storage’s contents have the larger counts of its two passes, and no digest', () => {
    const cut = TREE.replace('scan all whole 9', 'scan all cut 2').replace('repositories all 2', 'repositories all 0');
    const contents = contentsOf(cut);
    assert.deepEqual([contents.complete, contents.writePlacesSeen, contents.entries], [false, true, 3]);
    assert.deepEqual([contents.repositories, contents.foreign[0]?.digest], [1, null]);
  });

  test('a scan that found nothing before it stopped is reported as unknown, never as an empty storage', () => {
    const nothing = TREE.replace('scan places whole 3', 'scan places cut 0').replace('all whole 9', 'all cut 0');
    assert.deepEqual(parse(nothing).contents, unknown('contents-not-in-time'));
  });

  test('the parser of the storage’s contents reads a path with a newline', () => {
    const hex = Buffer.from('/srv/a\nb').toString('hex');
    assert.equal(contentsOf(TREE.replace('place /srv/r', `place-hex ${hex}`)).top?.path, '/srv/a\nb/docker');
  });

  test('without sha256sum on the host, the storage’s contents have no digest', () => {
    assert.equal(contentsOf(TREE.replace(/^digest .*$/m, '')).foreign[0]?.digest, null);
  });

  const BROKEN: [what: string, text: string][] = [
    ['nothing at all', ''],
    ['a line is gone', TREE.replace(/^scan all .*\n/m, '')],
    ['a line is there twice', `${TREE}took 1.00 2.00\n`],
    ['a count is no number', TREE.replace('scan all whole 9', 'scan all whole many')],
    ['the top is not readable', TREE.replace('41ed', 'mode')],
    ['the path is invalid', TREE.replace('place /srv/r', 'place srv')],
    ['a line is not one of ours', `${TREE}\u0000 what is this\n`],
  ];
  for (const [what, text] of BROKEN) {
    test(`the parser of the storage’s contents rejects output if ${what}`, () =>
      assert.throws(
        () => parse(text),
        (error) => error instanceof MalformedOutput || (error instanceof Error && error.name === 'ZodError'),
      ));
  }

  test('a truncated contents section is rejected, or never yields a wrong repository count', () => {
    for (let length = 0; length < TREE.length; length += 1) {
      try {
        const { contents } = parse(TREE.slice(0, length));
        assert.ok(contents.state !== 'known' || contents.value.repositories === 2);
      } catch (error) {
        assert.ok(
          error instanceof MalformedOutput || (error instanceof Error && error.name === 'ZodError'),
          String(error),
        );
      }
    }
  });
});

describe('the registry’s own list of repositories', () => {
  const ok = (body: string, head = '') =>
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${head}\r\n${body}\nbash 0`;
  const ROWS: [what: string, answer: string, listed: Facts['listed']][] = [
    ['is counted', ok('{"repositories":["a","team/b"]}\n'), known({ repositories: 2, more: false })],
    ['can be empty', ok('{"repositories":[]}\n'), known({ repositories: 0, more: false })],
    ['can be null', ok('{"repositories":null}\n'), known({ repositories: 0, more: false })],
    [
      'can have more pages',
      ok('{"repositories":["a"]}', 'Link: </v2/_catalog?last=a&n=1>; rel="next"\r\n'),
      known({ repositories: 1, more: true }),
    ],
    ['can be cut', ok('{"repositories":["a","b","c').replace('\nbash 0', ''), known({ repositories: 2, more: true })],
    ['holds names with quotes', ok('{"repositories":["a\\"],\\"b"]}'), known({ repositories: 1, more: false })],
    ['asks for a token', 'HTTP/1.1 401 Unauthorized\r\n\r\n{}\ncurl 0', unknown('token-wanted')],
    [
      'fails',
      'HTTP/1.1 500 Internal Server Error\r\n\r\n{}\ncurl 0',
      unknown({ code: 'status-for-list', detail: '500' }),
    ],
    ['is another document', ok('<html>'), unknown('list-unreadable')],
    ['is silent', '\nbash 7', unknown('connection-refused')],
  ];
  for (const [what, answer, listed] of ROWS)
    test(`the registry’s own list of repositories ${what}`, () => assert.deepEqual(listedOf(answer), listed));

  test('the registry’s own list of repositories is unknown without an address to ask', () => {
    assert.equal(parse('tree unknown x\n').listed.state, 'unknown');
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlanDocument, planDocument } from '../../src/host/request/plan-document.ts';
import { planDocumentLines } from '../../src/words/en/plan-document.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';
import { randomPlan } from '../host/random-plan.ts';
import { samplePlan } from '../host/sample-plan.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';

const NOW = new Date('2026-01-01T00:05:00Z');
const PLAIN = planDocument(samplePlan());

/** What is said of the sample plan's document with some of its lines changed. */
function said(changes: Readonly<Record<string, string>> = {}, now = NOW): string {
  const text = Object.entries(changes).reduce((changed, [key, value]) => {
    const line = new RegExp(`^${key} .*$`, 'm');
    assert.match(changed, line);
    return changed.replace(line, () => `${key} ${value}`);
  }, PLAIN);
  const read = parsePlanDocument(text);
  assert.equal(read.kind, 'document', JSON.stringify(read));
  return planDocumentLines(read.document, now).map(plainText).join('\n');
}

const DIGEST = 'ab'.repeat(32);
const ACL = 'user::rwx,group::r-x,other::---';

const ROWS: readonly (readonly [what: string, changes: Readonly<Record<string, string>>, says: readonly string[]])[] = [
  [
    'the host, the plan, until when, for whom',
    { hash: DIGEST, hostname: '-', boot: '-' },
    [
      'Plan 1-1 for git01 · hash abab… · low risk\n',
      'It takes back no other plan.\n',
      'Good until 2026-01-01T00:15:00.000Z.\n',
      'Afterwards uid 48211, gid 48212, groups 48213 is tested: storage /srv/closed/registry.',
    ],
  ],
  ['a high risk', { risk: 'high' }, ['high risk: read every line']],
  ['a boot', { boot: 'b00t' }, [', and for this boot of the host alone.']],
  ['an undo', { undoes: DIGEST }, ['It takes back the plan with the hash abab….']],
  ['the kernel’s name of the host', { hostname: 'db\\0033\\0133m' }, ['(which calls itself db\\x1b[m)']],
  [
    'a way through for all',
    {},
    [
      '1. chmod 0711 /srv/closed\n',
      '   0700 → 0711: members of its group (gid 0) can then pass through it; every other',
    ],
  ],
  [
    'a directory opened to everyone',
    { from: '0750', to: '0777' },
    [
      'members of its group (gid 0) can then create and delete entries in it; every other account on git01 can then list it, create and delete entries in it and pass through it.',
    ],
  ],
  [
    'bits that are removed',
    { from: '0755', to: '0700' },
    ['every other account on git01 can no longer list it or pass through it'],
  ],
  ['setuid', { to: '4700' }, ['0700 → 4700: its special bits (setuid, setgid, sticky) change, which no plan']],
  ['no change at all', { to: '0700' }, ['no one gains anything']],
  [
    'a tree of modes',
    { to: '0755', entries: '1200', digest: DIGEST, kind: 'directory' },
    [
      'find /srv/closed -xdev -type d -user 48211 -perm 0700 -exec chmod 0755 {} +\n',
      'of each of 1,200 directories there, members of its group can then list it and pass through it',
    ],
  ],
  [
    'a file',
    { from: '0600', to: '0644', entries: '1', digest: DIGEST, kind: 'file' },
    [
      '-type f',
      'of each of 1 file there, members of its group can then read it; every other account on git01 can then read it',
    ],
  ],
  [
    'an owner',
    { action: 'chown', from: '0:0', to: '993:994' },
    ['chown 993:994 /srv/closed\n', 'uid 993 becomes the owner of it, and gid 994 the group'],
  ],
  [
    'an owner, and the same group',
    { action: 'chown', from: '0:994', to: '993:994' },
    ['uid 993 becomes the owner of it; the group stays gid 994'],
  ],
  [
    'a tree of owners',
    { action: 'chown', from: '0:5', to: '993:994', entries: '2', digest: DIGEST },
    [
      'find /srv/closed -xdev -uid 0 -gid 5 -exec chown -h --from=0:5 993:994 {} +\n',
      'of 2 entries there, all that 0:5 has',
    ],
  ],
  [
    'an entry of an ACL',
    { action: 'setfacl', from: ACL, to: 'user::rwx,user:993:--x,group::r-x,mask::r-x,other::---' },
    [
      'setfacl --set user::rwx,user:993:--x,group::r-x,mask::r-x,other::--- /srv/closed\n',
      'uid 993 has --x (before: no entry); the mask has r-x (before: no entry)',
    ],
  ],
  [
    'entries that change and go',
    { action: 'setfacl', from: `user:7:r--,group:8:r--,${ACL}`, to: 'user::rwx,group:8:rwx,group::r-x,other::rwx' },
    ['gid 8 has rwx (before: r--); everyone else has rwx (before: ---); uid 7 has no entry any more'],
  ],
  ['a path that hides something', { path: '/a\\0012rm\\0040-rf\\0040/' }, ["chmod 0711 $'/a\\x0arm -rf /'\n"]],
];

for (const [what, changes, says] of ROWS) {
  test(`the text of a plan to be signed shows ${what}`, () => {
    const text = said(changes);
    for (const words of says) assert.ok(text.includes(words), text);
  });
}

test('the text of an expired plan to be signed says that it has expired', () => {
  assert.doesNotMatch(said(), /over/);
  assert.match(said({}, new Date('2026-01-01T00:15:01Z')), /That is over, by this machine's clock\./);
});

const seed = seedOfRun();
test(`the text of a plan to be signed hides nothing of any plan (RD_SEED=${seed})`, () => {
  const random = new SeededRandom(seed);
  for (let number = 0; number < 100; number += 1) {
    const read = parsePlanDocument(planDocument(randomPlan(random)));
    assert.equal(read.kind, 'document');
    for (const line of planDocumentLines(read.document, NOW)) assert.ok(!hasInvisible(plainText(line)));
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts, PathNode, TryResult } from '../../../src/model/host/facts.ts';
import { RegistryLogs } from '../../../src/model/host/registry-logs.ts';
import type { UsedPath } from '../../../src/model/host/used-path.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import {
  ALLOWED,
  DENIED,
  dir,
  factsOf,
  file,
  hostPath,
  link,
  missing,
  mountOf,
  unseen,
} from '../../support/facts/facts-builder.ts';
import { usedFile } from '../../support/facts/used-path.ts';
import { reasonText } from '../../support/words/reason-text.ts';

const ROOT = dir('/var/lib/registry', '0770', 'registry:registry');
const NO_ENTRY: TryResult = { result: 'failed', why: { code: 'not-there' } };
const IS_DIRECTORY: TryResult = { result: 'failed', why: { code: 'is-a-directory' } };

/** A registry that does not run, or one that does; with these nodes beside its storage. */
function factsWith(nodes: readonly PathNode[], paths: readonly UsedPath[], running = false): Facts {
  const down = { process: absent, v2: unknown('connection-refused'), health: unknown('connection-refused') };
  // What the kernel says of each directory alone is not asked here: a stat by the whole path says enough.
  return factsOf({ nodes: [ROOT, ...nodes], paths: [...paths], searchTries: [], ...(running ? {} : down) });
}

function findingsOf(facts: Facts): Finding[] {
  return allFindings(facts).map((finding) => Finding.parse(finding));
}

function unusable(facts: Facts) {
  return findingsOf(facts).flatMap((finding) => (finding.id === 'file-unusable' ? [finding] : []));
}

const HTPASSWD = '/srv/auth/htpasswd';
const closedFile = (role: UsedPath['role'], path: string) => usedFile(role, path, { read: DENIED });

type Row = { name: string; facts: Facts; found: string[]; plan?: string[] };

const ROWS: readonly Row[] = [
  {
    name: 'a file that the service can read is no finding',
    facts: factsWith([file(HTPASSWD, '0640', 'root:registry')], [usedFile('htpasswd', HTPASSWD)]),
    found: [],
  },
  {
    name: 'a secret file of root’s gets an entry for the service alone',
    facts: factsWith([file(HTPASSWD, '0600')], [closedFile('htpasswd', HTPASSWD)]),
    found: ['fault kernel no-permission /srv/auth/htpasswd'],
    plan: ['setfacl /srv/auth/htpasswd user:993:r--'],
  },
  {
    name: 'a secret file in the service’s own group gets the group’s read bit',
    facts: factsWith([file(HTPASSWD, '0600', 'root:registry')], [closedFile('htpasswd', HTPASSWD)]),
    found: ['fault kernel no-permission /srv/auth/htpasswd'],
    plan: ['chmod /srv/auth/htpasswd 0640'],
  },
  {
    name: 'without tools for ACLs, nothing opens a secret file',
    facts: { ...factsWith([file(HTPASSWD, '0600')], [closedFile('htpasswd', HTPASSWD)]), aclTools: known(false) },
    found: ['fault kernel no-permission /srv/auth/htpasswd'],
  },
  {
    name: 'every closed directory above the file is opened for passing through',
    facts: factsWith(
      [dir('/srv/auth', '0700'), dir('/srv/auth/deep', '0750'), file('/srv/auth/deep/htpasswd', '0644')],
      [usedFile('htpasswd', '/srv/auth/deep/htpasswd', { stat: DENIED })],
    ),
    found: ['fault evaluated directory-closed /srv/auth'],
    plan: ['chmod /srv/auth 0701', 'chmod /srv/auth/deep 0751'],
  },
  {
    name: 'a file below /etc is told with no plan',
    facts: factsWith(
      [file('/etc/docker/registry/config.yml', '0600')],
      [closedFile('config', '/etc/docker/registry/config.yml')],
    ),
    found: ['fault kernel no-permission /etc/docker/registry/config.yml'],
  },
  {
    name: 'a certificate behind Let’s Encrypt’s symlinks is reported at the closed directory',
    facts: factsWith(
      [
        dir('/etc/letsencrypt/live', '0700'),
        link('/etc/letsencrypt/live/cert.pem', '../archive/cert1.pem'),
        dir('/etc/letsencrypt/archive', '0700'),
        file('/etc/letsencrypt/archive/cert1.pem'),
      ],
      [usedFile('tls-certificate', '/etc/letsencrypt/live/cert.pem', { stat: DENIED })],
    ),
    found: ['fault evaluated directory-closed /etc/letsencrypt/live'],
  },
  {
    name: 'a token certificate that is missing',
    facts: factsWith(
      [dir('/srv/certs'), missing('/srv/certs/token.crt')],
      [usedFile('token-certificate', '/srv/certs/token.crt', { stat: NO_ENTRY })],
    ),
    found: ['fault kernel missing /srv/certs/token.crt'],
  },
  {
    name: 'a token certificate that is a directory',
    facts: factsWith(
      [dir('/srv/certs/token.crt')],
      [usedFile('token-certificate', '/srv/certs/token.crt', { read: IS_DIRECTORY })],
    ),
    found: ['fault kernel is-a-directory /srv/certs/token.crt'],
  },
  {
    name: 'an htpasswd path that is a directory doesn’t keep the registry from starting',
    facts: factsWith([dir(HTPASSWD)], [usedFile('htpasswd', HTPASSWD, { read: IS_DIRECTORY })]),
    found: ['warning kernel is-a-directory /srv/auth/htpasswd'],
  },
  {
    name: 'an htpasswd path that is a directory fails each login of a running registry',
    facts: factsWith([dir(HTPASSWD)], [usedFile('htpasswd', HTPASSWD, { read: IS_DIRECTORY })], true),
    found: ['fault kernel is-a-directory /srv/auth/htpasswd'],
  },
  {
    name: 'an htpasswd file that the registry creates is no finding',
    facts: factsWith(
      [dir('/srv/auth', '0755', 'registry:registry'), missing(HTPASSWD)],
      [usedFile('htpasswd', HTPASSWD, { stat: NO_ENTRY, write: ALLOWED })],
    ),
    found: [],
  },
  {
    name: 'an htpasswd file that the registry can’t create',
    facts: factsWith(
      [dir('/srv/auth'), missing(HTPASSWD)],
      [usedFile('htpasswd', HTPASSWD, { stat: NO_ENTRY, write: DENIED })],
    ),
    found: ['fault kernel cannot-be-made /srv/auth'],
  },
  {
    name: 'a Let’s Encrypt cache directory that can’t be written',
    facts: factsWith([dir('/srv/acme', '0755')], [usedFile('acme-cache', '/srv/acme', { read: IS_DIRECTORY })]),
    found: ['fault kernel no-permission /srv/acme'],
    plan: ['setfacl /srv/acme user:993:rwx'],
  },
  {
    name: 'a Let’s Encrypt cache on a read-only mount',
    facts: {
      ...factsWith(
        [dir('/srv/acme', '0755', 'registry:registry')],
        [usedFile('acme-cache', '/srv/acme', { read: IS_DIRECTORY })],
      ),
      mounts: known([
        mountOf({ mountPoint: hostPath('/') }),
        mountOf({ mountPoint: hostPath('/srv'), options: ['ro'] }),
      ]),
    },
    found: ['fault kernel read-only /srv/acme'],
  },
  {
    name: 'a Let’s Encrypt cache file that only grows',
    facts: factsWith(
      [{ ...file('/srv/acme', '0600', 'registry:registry'), appendOnly: known(true) }],
      [usedFile('acme-cache', '/srv/acme', { write: ALLOWED })],
    ),
    found: ['fault evaluated append-only /srv/acme'],
  },
  {
    name: 'a symlink that its mount does not follow',
    facts: {
      ...factsWith(
        [link('/srv/key.pem', '/keys/key.pem'), file('/keys/key.pem')],
        [usedFile('tls-key', '/srv/key.pem', { stat: { result: 'failed', why: { code: 'too-many-links' } } })],
      ),
      mounts: known([
        mountOf({ mountPoint: hostPath('/') }),
        mountOf({ mountPoint: hostPath('/srv'), options: ['rw', 'nosymfollow'] }),
      ]),
    },
    found: ['fault kernel nosymfollow /srv/key.pem'],
  },
  {
    name: 'a running registry is only warned of its next start',
    facts: factsWith([file('/srv/tls/key.pem', '0600')], [closedFile('tls-key', '/srv/tls/key.pem')], true),
    found: ['warning kernel no-permission /srv/tls/key.pem'],
    plan: ['setfacl /srv/tls/key.pem user:993:r--'],
  },
  {
    name: 'a running registry whose htpasswd is out of reach fails at each login',
    facts: factsWith(
      [dir('/srv/auth', '0700'), file(HTPASSWD)],
      [usedFile('htpasswd', HTPASSWD, { stat: DENIED })],
      true,
    ),
    found: ['fault evaluated directory-closed /srv/auth'],
    plan: ['chmod /srv/auth 0701'],
  },
  {
    name: 'what GitLab’s git uses is told as its own, and no plan is made for it',
    facts: factsWith(
      [file('/srv/gitlab/registry.key', '0600')],
      [
        usedFile('token-key', '/srv/gitlab/registry.key', {
          read: DENIED,
          usedBy: { uid: 998, gid: 998, user: 'git' },
        }),
      ],
      true,
    ),
    found: ['fault kernel no-permission /srv/gitlab/registry.key'],
  },
];

describe('the finding about a file that the registry can’t use', () => {
  for (const { name, facts, found, plan = [] } of ROWS) {
    test(`a file that the registry uses: ${name}`, () => {
      const told = unusable(facts).map(({ severity, proof, cause, blockedAt }) =>
        [severity, proof, cause, blockedAt].join(' '),
      );
      assert.deepEqual(told, found);
      assert.deepEqual(stepsOf(facts), plan);
    });
  }

  test('an unusable file is the first finding, and explains why the registry does not run', () => {
    const facts = factsWith([file(HTPASSWD, '0600')], [closedFile('htpasswd', HTPASSWD)]);
    const told = findingsOf(facts).map(({ id, severity }) => `${severity} ${id}`);
    assert.deepEqual(told.slice(0, 2), ['fault file-unusable', 'info service-not-running']);
  });

  test('a directory at the htpasswd file’s path doesn’t explain why the registry does not run', () => {
    const facts = factsWith([dir(HTPASSWD)], [usedFile('htpasswd', HTPASSWD, { read: IS_DIRECTORY })]);
    const told = findingsOf(facts).map(({ id, severity }) => `${severity} ${id}`);
    assert.deepEqual(told.slice(0, 2), ['fault service-not-running', 'warning file-unusable']);
  });

  test('a directory at a file’s path is known to hold another file that the registry uses', () => {
    const directory = '/srv/docker/registry';
    const found = (...nodes: readonly PathNode[]) =>
      unusable(factsWith([dir(directory), ...nodes], [usedFile('htpasswd', directory, { read: IS_DIRECTORY })]));
    assert.deepEqual(
      [found(), found(file(`${directory}/config.yml`)), found(file(`${directory}-old`))].map(
        ([one]) => one?.holdsOthers,
      ),
      [false, true, false],
    );
  });

  test('the finding about an unusable file shows the path to that file', () => {
    const [finding] = unusable(factsWith([file(HTPASSWD, '0600')], [closedFile('htpasswd', HTPASSWD)]));
    assert.deepEqual(
      finding?.walk?.map(({ path, access }) => `${path} ${access}`),
      ['/ allowed', '/srv allowed', '/srv/auth allowed', '/srv/auth/htpasswd denied'],
    );
  });

  test('a registry is not called healthy if it can’t use a file that it needs at its next start', () => {
    const facts = factsWith([file('/srv/tls/key.pem', '0600')], [closedFile('tls-key', '/srv/tls/key.pem')], true);
    assert.equal(verdictOf(findingsOf(facts)), 'inconclusive');
  });
});

describe('a file that only the registry’s last log lines name', () => {
  const KEY = '/srv/tls/key.pem';
  const lastWords = (path: string | null, sinceStart = true) =>
    RegistryLogs.parse({
      files: [],
      from: null,
      to: null,
      countByStatus: {},
      firstBadOfLastRun: null,
      firstBad: null,
      lastBad: null,
      lastGoodStorage: null,
      lastGood: null,
      complaints: [],
      aborts: {
        count: 1,
        firstAt: null,
        lastAt: null,
        complaint: 'permission-denied',
        words: `open ${path}: permission denied`,
        path,
        sinceStart,
      },
      unreadLines: 0,
    });
  const facts = (logs: RegistryLogs, more: readonly UsedPath[] = []): Facts => ({
    ...factsWith([file(KEY, '0600')], [closedFile('named-in-log', KEY), ...more]),
    logs: known(logs),
  });
  const told = (of: Facts) => unusable(of).map(({ role, blockedAt }) => `${role} ${blockedAt}`);

  test('an unusable file that only the log names is reported without a plan, since anyone can write to a log', () => {
    assert.deepEqual(told(facts(lastWords(KEY))), [`named-in-log ${KEY}`]);
    assert.deepEqual(stepsOf(facts(lastWords(KEY))), []);
  });

  test('a file named in the log is not reported if the bot reads another path there or a later start worked', () => {
    assert.deepEqual(told(facts(lastWords('/srv/tls/other.pem'))), []);
    assert.deepEqual(told(facts(lastWords(null))), []);
    assert.deepEqual(told(facts(lastWords(KEY, false))), []);
  });

  test('an unusable file that both the log and the config name is reported once', () => {
    assert.deepEqual(told(facts(lastWords(KEY), [closedFile('tls-key', KEY)])), [`tls-key ${KEY}`]);
  });
});

describe('a file that could not be checked is never reported as usable', () => {
  const told = (facts: Facts) =>
    findingsOf(facts).flatMap((finding) =>
      finding.id === 'access-not-judged' ? [`${finding.path}: ${reasonText(finding.why)}`] : [],
    );

  test('a file is not reported as usable if it could not be inspected', () => {
    const facts = factsWith(
      [dir('/srv'), unseen('/srv/auth', { code: 'not-permitted' })],
      [usedFile('htpasswd', HTPASSWD)],
      true,
    );
    assert.deepEqual(told(facts), [`${HTPASSWD}: not permitted`]);
    assert.equal(verdictOf(findingsOf(facts)), 'inconclusive');
  });

  test('a file is not reported as usable if access to it was not tested', () => {
    const used = { ...usedFile('htpasswd', HTPASSWD), tries: { ...usedFile('htpasswd', HTPASSWD).tries } };
    const untried = {
      ...used,
      tries: { ...used.tries, read: unknown('not-tried'), stat: unknown('not-tried') },
    };
    const facts = factsWith([file(HTPASSWD)], [untried], true);
    assert.deepEqual(told(facts), [`${HTPASSWD}: ${HTPASSWD} was not tried as the account that uses it`]);
  });

  test('a file is not reported as usable if its permissions and the kernel disagree', () => {
    const facts = factsWith([file(HTPASSWD, '0644')], [closedFile('htpasswd', HTPASSWD)], true);
    assert.match(told(facts)[0] ?? '', /permissions say one thing, and the kernel another/);
    assert.deepEqual(stepsOf(facts), []);
  });
});

/** `chmod PATH MODE`, `setfacl PATH ENTRY`. */
function stepsOf(facts: Facts): string[] {
  const plan = planFix(judgeAccess(facts));
  return (plan?.steps ?? []).map((step) => {
    const change = step.action === 'setfacl' ? step.modify.split(',').find((entry) => /^user:\d/.test(entry)) : step.to;
    return `${step.action} ${step.path} ${change}`;
  });
}

test('a plan lists the files that the service must be able to use, and which of them are secret', () => {
  const facts = factsWith(
    [dir('/srv/auth', '0700'), file(HTPASSWD, '0600'), file('/srv/tls/cert.pem', '0600')],
    [usedFile('htpasswd', HTPASSWD, { stat: DENIED }), closedFile('tls-certificate', '/srv/tls/cert.pem')],
  );
  const plan = planFix(judgeAccess(facts));
  assert.deepEqual(plan?.also, [
    { use: 'read', path: HTPASSWD, secret: true },
    { use: 'read', path: '/srv/tls/cert.pem', secret: false },
  ]);
  assert.equal(plan?.clearsEveryBlocker, true);
  assert.equal(plan?.risk, 'high');
});

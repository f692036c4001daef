import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { parseApplyOutcome } from '../../../../src/host/answer/parse-apply-outcome.ts';
import { documentValue } from '../../../../src/host/request/document-value.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import {
  applyRequest,
  askRequest,
  type GuardRequest,
  outcomeRequest,
} from '../../../../src/host/request/guard-request.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { InstalledGuard, NONCE } from '../../installed-guard.ts';
import { chmodStep, entryStep, SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostSettings } from '../../sample-settings.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { runScript, SHELLS, type Shell } from '../../shells.ts';
import { forget } from '../apply/apply-run.ts';
import { modesStep } from '../apply/tree-step.ts';
import { reasonOf } from './guard-reason-of.ts';

/**
 * A guard takes a request in one form, and whatever is in another is refused as a whole: nothing of it is run, nothing changed. The
 * parser is asked on its own, so that thousands can be tried; what the whole guard does with a refusal, a few times.
 */

const SEED = seedOfRun();
const ORIGIN = 'registry-doctor/5f0c2b8e91d7a346';
const CHECKPOINT = `checkpoint ${ORIGIN} 217 ${'r'.repeat(43)}= ${ORIGIN} ${'s'.repeat(91)}=`;
/** Broken requests for each shell's parser; many more with RD_FUZZ, which `npm run fuzz` sets. */
const ROUNDS = Number(process.env['RD_FUZZ'] ?? 90);
/** For the whole guard, which is slower. */
const WHOLE_ROUNDS = Math.ceil(ROUNDS / 10);
const PARSER = ['lib/frame.sh', 'plan/request.sh', 'plan/plan-document.sh'];
const skip = skipUnless('linux', 'root', 'setpriv', 'ssh-keygen', 'acl');

describe('the guard checks a request’s format', { skip }, () => {
  let tree: ScratchTree;
  let closed: Buffer;
  const plans: Plan[] = [];
  beforeEach(() => {
    tree = new ScratchTree();
    closed = tree.directory(tree.at('closed'), 0o700);
    chownSync(tree.directory(tree.at('closed/root'), 0o777), SERVICE.uid, SERVICE.gid);
  });
  afterEach(() => tree.remove());
  after(() => forget(plans));

  const planOf = (count = 1): Plan => {
    const step = chmodStep(closed, '0701');
    const made = samplePlan({
      steps: Array.from({ length: count }, () => step),
      storageRoot: hostPath(tree.at('closed/root')),
    });
    plans.push(made);
    return made;
  };
  const unsigned = (plan: Plan) => ({ plan, signature: null, approvals: [] });
  const applying = () => applyRequest(NONCE, unsigned(planOf()));
  /** A plan in which no line is empty: a mode, an ACL, and a tree. */
  const fullRequest = (): GuardRequest => {
    const steps = [entryStep(closed), modesStep(tree.at('closed/root'), 'directory', '0755')];
    const path = hostPath(closed);
    const also = [
      { use: 'read', path, secret: true } as const,
      { use: 'directory', path: hostPath(tree.at('closed/root')), secret: false } as const,
    ];
    const plan = { ...planOf(), steps, also, process: { pid: 1, startTicks: '1' } };
    return applyRequest(NONCE, { plan, signature: 'c2lnbmVk', approvals: ['YXBwcm92ZWQ='], checkpoint: CHECKPOINT });
  };

  /** For each request, in order: the act that it is taken for, else why it is not. */
  const taken = (shell: Shell, requests: readonly string[]): string[] => {
    const directory = tree.at('requests').toString();
    mkdirSync(directory);
    for (const [index, request] of requests.entries()) writeFileSync(`${directory}/${index}`, request, 'latin1');
    // Each in a shell of its own: one that ends the shell gives no line, and is seen.
    const program = `number=0
      while [ $number -lt ${requests.length} ]; do
        (read_request <"${directory}/$number"; if parse_request; then echo "$verb"; else echo "refused $problem"; fi)
        number=$((number + 1))
      done`;
    const lines = runParts(shell, PARSER, program).toString('latin1').trimEnd().split('\n');
    rmSync(directory, { recursive: true });
    assert.equal(lines.length, requests.length, lines.slice(0, 3).join());
    return lines;
  };
  const expectNoneTaken = (shell: Shell, requests: readonly (readonly [what: string, request: string])[]) => {
    const told = taken(
      shell,
      requests.map(([, request]) => request),
    );
    const wrong = requests.flatMap(([what], index) => (told[index]?.startsWith('refused ') ? [] : [what]));
    assert.deepEqual(wrong, [], `RD_SEED=${SEED}`);
  };

  const BROKEN: Readonly<Record<string, (request: string) => string>> = {
    'a carriage return at each end': (request) => request.replaceAll('\n', '\r\n'),
    'an empty line before it': (request) => `\n${request}`,
    'an empty line in it': (request) => request.replace('\nverb', '\n\nverb'),
    'a NUL byte': (request) => request.replace('plan path /', 'plan path /\0'),
    'a NUL byte after its end': (request) => `${request}\0`,
    'a quote': (request) => request.replace('plan path /', "plan path /'"),
    'a double quote': (request) => request.replace('plan path /', 'plan path /"'),
    'a backslash that is no escape': (request) => request.replace('plan path /', 'plan path /\\n'),
    'a backslash at the end of a line': (request) => request.replace(/^plan path .*$/m, '$&\\'),
    'an escape of two digits': (request) => request.replace('plan path /', 'plan path /\\040'),
    'an escape beyond a byte': (request) => request.replace('plan path /', 'plan path /\\0777'),
    'an escaped NUL byte': (request) => request.replace('plan path /', 'plan path /\\0000'),
    'a dollar': (request) => request.replace('plan path /', 'plan path /$(id)'),
    'a tab in place of a blank': (request) => request.replace('plan path ', 'plan path\t'),
    'a letter beyond ASCII': (request) => request.replace('plan path /', 'plan path /\u00e4'),
    'a number of 21 digits': (request) => request.replace(/^plan inode .*$/m, `plan inode ${'9'.repeat(21)}`),
    'a number that begins with 0': (request) => request.replace(/^plan uid /m, '$&0'),
    'a number of steps that begins with 0': (request) => request.replace('plan steps 1', 'plan steps 01'),
    'a number of steps that is octal': (request) => request.replace('plan steps 1', 'plan steps 08'),
    'a number below 0': (request) => request.replace(/^plan uid /m, '$&-'),
    'an expansion in place of a number': (request) => request.replace(/^plan uid .*$/m, 'plan uid a[0]'),
    'a mode of five digits': (request) => request.replace('plan mode 0700', 'plan mode 00700'),
    'a mode that is not octal': (request) => request.replace('plan mode 0700', 'plan mode 0780'),
    'a hash in capitals': (request) => request.replace(/^plan hash .*$/m, (line) => line.toUpperCase()),
    'a hash that is a path': (request) => request.replace(/^plan hash .*$/m, `plan hash ../${'a'.repeat(61)}`),
    'fewer steps than it says': (request) => request.replace('plan steps 1', 'plan steps 2'),
    'more steps than it says': (request) => request.replace('plan steps 1', 'plan steps 0'),
    'a number of entries that is hex': (request) => request.replace('plan entries -', 'plan entries abc'),
    'an invalid digest': (request) => request.replace('plan digest -', 'plan digest abc'),
    'a number of further paths that begins with 0': (request) => request.replace('plan also 0', 'plan also 00'),
    'more further paths than there are': (request) => request.replace('plan also 0', 'plan also 1'),
    'more further paths than there may be': (request) =>
      request
        .replace('plan also 0', 'plan also 17')
        .replace(/^plan step /m, `${'plan use read\nplan secret 1\nplan at /x\n'.repeat(17)}$&`),
    'neither a storage nor another path': (request) => request.replace(/^plan root .*$/m, 'plan root -'),
    'a further path that is relative': (request) =>
      request
        .replace('plan also 0', 'plan also 1')
        .replace(/^plan step /m, 'plan use read\nplan secret 1\nplan at x\n$&'),
    'an unknown use': (request) =>
      request
        .replace('plan also 0', 'plan also 1')
        .replace(/^plan step /m, 'plan use run\nplan secret 1\nplan at /x\n$&'),
    'a secret that is no flag': (request) =>
      request
        .replace('plan also 0', 'plan also 1')
        .replace(/^plan step /m, 'plan use read\nplan secret 2\nplan at /x\n$&'),
    'the previous format of plans': (request) =>
      request.replace('plan registry-doctor-plan/2', 'plan registry-doctor-plan/1'),
    'something after the end of the plan': (request) => request.replace('plan end', 'plan end\nplan end'),
    'something after the request’s end': (request) => `${request}end\n`,
    'no end of the request': (request) => request.replace(/end\n$/, ''),
    'an unknown action': (request) => request.replace('verb apply', 'verb reboot'),
    'an action with a blank': (request) => request.replace('verb apply', 'verb apply undo'),
    'another format version': (request) => request.replace('request/1', 'request/2'),
    'a nonce that is too short': (request) => request.replace(/^nonce .*$/m, 'nonce short'),
    'a nonce with a slash': (request) => request.replace(/^nonce .*$/m, 'nonce ../../../etc'),
    'a plan after its signature': (request) => request.replace('plan end\n', 'signature c2ln\nplan end\n'),
    'more than a mebibyte': (request) => request.replace('plan path /', `plan path /${'n'.repeat(1 << 20)}`),
  };

  const BAD_URLS: readonly string[] = [
    'http://127.0.0.1:6379/\r\nFLUSHALL\r\n',
    'http://127.0.0.1:6379/\nFLUSHALL',
    'http://127.0.0.1:5000/ HTTP/1.1',
    'http://127.0.0.1:5000/\t',
    'http://127.0.0.1:5000/?',
    'http://127.0.0.1:5000/#',
    'http://user@127.0.0.1:5000',
    'http://127.0.0.1%0d%0a:5000',
    'http://127.0.0.1:5000;id',
    'http://127.0.0.1:5000/$(id)',
    'http://127.0.0.1:5000/{a,b}',
    'http:///v2',
    'gopher://127.0.0.1:6379/x',
    'file:///etc/shadow',
    '-K/etc/shadow',
  ];
  const GOOD_URLS: readonly string[] = [
    'http://127.0.0.1:5000',
    'https://registry.example.org:5050/a%20b/c~d',
    'http://[::1]:5000',
    'http://registry_1.internal',
  ];
  const asking = (key: string, url: string) =>
    askRequest({ nonce: NONCE, host: hostSettings({}) }).replace(
      new RegExp(`^${key} .*$`, 'm'),
      () => `${key} ${documentValue(url)}`,
    );

  for (const [nth, shell] of SHELLS.entries()) {
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard accepts a request for each action as the bot sends it', () => {
        const undo = { ...planOf(), undoes: { id: planOf().id, hash: planOf().hash } };
        const requests = [
          applying(),
          fullRequest(),
          applyRequest(NONCE, unsigned(planOf(64))),
          applyRequest(NONCE, unsigned(undo)),
          outcomeRequest(NONCE, unsigned(planOf())),
          askRequest({ nonce: NONCE, host: hostSettings({}) }),
        ];
        assert.deepEqual(taken(shell, requests), ['apply', 'apply', 'apply', 'undo', 'outcome', 'ask']);
      });

      test('the guard refuses a request with anything extra in it', () => {
        const request = applying();
        const broken = Object.entries(BROKEN).map(([what, change]) => [what, change(request)] as const);
        for (const [what, changed] of broken) assert.notEqual(changed, request, what);
        expectNoneTaken(shell, broken);
      });

      test('the guard refuses a health request whose address would send more than one plain HTTP request', () => {
        const requests = ['url', 'debug-url'].flatMap((key) =>
          BAD_URLS.map((url) => [`${key} ${url}`, asking(key, url)] as const),
        );
        expectNoneTaken(shell, requests);
        const good = GOOD_URLS.map((url) => asking('url', url));
        assert.deepEqual(
          taken(shell, good),
          good.map(() => 'ask'),
        );
      });

      test('the guard refuses a request with a line missing, doubled, moved, or with another key or an extra blank', () => {
        const lines = fullRequest().trimEnd().split('\n');
        const broken = lines.flatMap((line, index) => {
          const [key = ''] = /^(plan )?\S+/.exec(line) ?? [];
          const others: readonly (readonly [string, readonly string[]])[] = [
            // A plan needs no checkpoint.
            ...(line === CHECKPOINT ? [] : [['missing', lines.toSpliced(index, 1)] as const]),
            ['twice', lines.toSpliced(index, 0, line)],
            ['in the place of the next', swapped(lines, index)],
            ['with another key', lines.with(index, line.replace(key, `${key}x`))],
            ['with a blank more', lines.with(index, line.replace(key, `${key} `))],
            ['with a blank at its end', lines.with(index, `${line} `)],
            ['without its value', lines.with(index, key)],
          ];
          return others
            .filter(([, changed]) => changed.join('\n') !== lines.join('\n') && !isOtherSignature(line))
            .map(([how, changed]) => [`${line}: ${how}`, `${changed.join('\n')}\n`] as const);
        });
        assert.ok(broken.length > 200, String(broken.length));
        // Each shell has its share of them.
        expectNoneTaken(
          shell,
          broken.filter((_, index) => index % SHELLS.length === nth),
        );
      });

      test('the guard refuses a request that was cut off', () => {
        const request = fullRequest();
        const cuts = Array.from({ length: 40 }, (_, index) => Math.floor((index * (request.length - 2)) / 40));
        const ends = [2, 3, 4, 5, 6].map((less) => request.length - less);
        expectNoneTaken(
          shell,
          [...cuts, ...ends].map((cut) => [`cut after ${cut}`, request.slice(0, cut)] as const),
        );
      });

      test('the guard reads every byte of a path in a request as it was sent', () => {
        const random = new SeededRandom(SEED);
        const all = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
        const some = Array.from({ length: 40 }, () =>
          Buffer.from(Array.from({ length: 1 + random.int(60) }, () => 1 + random.int(255))),
        );
        const escaped = ['\\', '\\0', '\\0141', '\\\\', '-', '\\c', 'a\\'].map((text) => Buffer.from(text));
        const values = [all, ...some, ...escaped, ...HOSTILE_NAMES.map(({ bytes }) => bytes)];
        const lines = values.map((value) => `field value 'value ${documentValue(value)}'; printf '%s\\0' "$value"`);
        const read = runParts(shell, PARSER, lines.join('\n'));
        assert.deepEqual(read, Buffer.concat(values.flatMap((value) => [value, Buffer.from('\0')])), `RD_SEED=${SEED}`);
      });

      test('the guard refuses a request with random damage or reads it as another valid one, and never executes part of it', (t) => {
        t.diagnostic(`RD_SEED=${SEED}`);
        const random = new SeededRandom(SEED);
        const canary = tree.at('canary').toString();
        const requests = [fullRequest(), askRequest({ nonce: NONCE, host: hostSettings({}) })];
        const broken = Array.from({ length: ROUNDS }, () => brokenBy(random, random.pick(requests), canary));
        for (const [index, told] of taken(shell, broken).entries()) {
          assert.match(told, /^(refused .*|apply|ask)$/, `RD_SEED=${SEED} round ${index}`);
        }
        assert.ok(!existsSync(canary), `RD_SEED=${SEED}`);
      });
    });
  }

  describe('the guard answers any input', () => {
    let guard: InstalledGuard;
    beforeEach(() => {
      guard = new InstalledGuard();
    });
    afterEach(() => guard.remove());

    test('an installed guard answers any input with a complete refusal or an exit status of its own', (t) => {
      t.diagnostic(`RD_SEED=${SEED}`);
      const random = new SeededRandom(SEED);
      const canary = tree.at('canary').toString();
      for (const shell of SHELLS.filter(({ skip: skipped }) => !skipped)) {
        for (let round = 0; round < WHOLE_ROUNDS; round += 1) {
          // Unsigned: nothing that comes of it may be carried out.
          const request = random.pick([applying(), outcomeRequest(NONCE, unsigned(planOf()))]);
          const { stdout, status } = guard.run(shell, brokenBy(random, request, canary));
          const where = `RD_SEED=${SEED} ${shell.name}, round ${round}`;
          assert.ok(status === 0 || status === 64, `${where}: ended with ${status}`);
          if (status === 64) assert.equal(stdout.toString(), '', where);
          else
            assert.match(
              stdout.toString('latin1'),
              /kind\0(refused|unknown|never-started)\0.*end\0[A-Za-z0-9]+ \d+\0$/s,
              where,
            );
          assert.deepEqual([modeOf(closed), existsSync(canary)], ['0700', false], where);
        }
      }
    });
  });

  for (const shell of SHELLS) {
    test(`the guard answers a malformed plan with a complete refusal, under ${shell.name}`, {
      skip: shell.skip,
    }, () => {
      for (const [verb, kind] of [
        ['apply', 'refused'],
        ['undo', 'refused'],
        ['outcome', 'unknown'],
      ] as const) {
        const request = applying()
          .replace('verb apply', `verb ${verb}`)
          .replace(/^plan risk .*\n/m, '');
        const { stdout, status } = runScript(shell, guardOverStdin(request));
        assert.equal(status, 0);
        assert.deepEqual(parseApplyOutcome(stdout, NONCE), {
          kind,
          why: reasonOf('plan-malformed'),
        });
      }
      assert.equal(modeOf(closed), '0700');
    });
  }
});

/** Signatures are text of another's: a line of theirs more or less is for ssh-keygen to refuse. */
function isOtherSignature(line: string): boolean {
  return line.startsWith('signature ') || line.startsWith('approval ');
}

function swapped(lines: readonly string[], index: number): readonly string[] {
  const next = lines[index + 1];
  const line = lines[index];
  return next === undefined || line === undefined ? lines : lines.with(index, next).with(index + 1, line);
}

function brokenBy(random: SeededRandom, request: string, canary: string): string {
  const at = random.int(request.length);
  const [before, rest] = [request.slice(0, at), request.slice(at)];
  const program = `touch ${canary}`;
  switch (random.int(6)) {
    case 0:
      return before + random.pick([`$(${program})`, `\`${program}\``, `'; ${program}; '`, `\n${program}\n`]) + rest;
    case 1:
      return before + random.pick(['"', "'", '\\', '\0', ' ', '\r', '\n', '\t', '\u00ff', '$IFS', ';']) + rest;
    case 2:
      return before + rest.slice(1 + random.int(40));
    case 3:
      return before + request.slice(random.int(request.length)).slice(0, random.int(200)) + rest;
    case 4:
      return before + String.fromCharCode(random.int(256)) + rest.slice(1);
    default:
      return before + random.pick(['\\0047', '\\0012', '\\0000', '\\0134', '9'.repeat(21), '-', '00']) + rest;
  }
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { riskOf } from '../../../../src/diagnosis/plan/risk.ts';
import { planDocument } from '../../../../src/host/request/plan-document.ts';
import { aclText } from '../../../../src/model/host/acl.ts';
import type { AclEntry, Identity } from '../../../../src/model/host/facts.ts';
import { PlanStep } from '../../../../src/model/plan/plan.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { SERVICE, samplePlan } from '../../sample-plan.ts';
import { SHELLS, type Shell } from '../../shells.ts';

/** The guard judges the risk of a plan on its own; for every plan both have to come to the same, or an approval would ask too little. */

const SEED = seedOfRun();
/** Random steps, which the shells share among them; many more with RD_FUZZ, which `npm run fuzz` sets. */
const STEPS = Number(process.env['RD_FUZZ'] ?? 150);
/** In one run of a shell, which has a minute. */
const BATCH = 50;
const PARTS = [
  'lib/frame.sh',
  'plan/request.sh',
  'plan/plan-document.sh',
  'apply/acl-step.sh',
  'apply/tree-step.sh',
  'plan/risk.sh',
];
const IDENTITY: Identity = { ...SERVICE, groups: [48_300, 48_301] };
const skip = skipUnless('linux');

describe('the risk of a plan', { skip }, () => {
  for (const [nth, shell] of SHELLS.entries()) {
    test(`the guard rates a plan’s risk under ${shell.name} as the bot does`, { skip: shell.skip }, (t) => {
      const random = new SeededRandom(SEED + nth);
      const steps = Array.from({ length: Math.ceil(STEPS / SHELLS.length) }, () => randomStep(random));
      const judged = steps.map((step) => riskOf([step], IDENTITY));
      for (let first = 0; first < steps.length; first += BATCH) {
        const told = judgedByGuard(shell, steps.slice(first, first + BATCH));
        for (const [index, risk] of told.entries()) {
          const step = JSON.stringify(steps[first + index]);
          assert.equal(risk, judged[first + index], `RD_SEED=${SEED} step ${first + index}: ${step}`);
        }
      }
      const low = judged.filter((risk) => risk === 'low').length;
      t.diagnostic(`RD_SEED=${SEED}: ${low} of ${steps.length} steps are of low risk`);
      assert.ok(low > 0 && low < steps.length, 'the steps are all of one kind');
    });
  }
});

function judgedByGuard(shell: Shell, steps: readonly PlanStep[]): readonly string[] {
  // Single quotes hold a document: it has none.
  const program = steps.map((step) => {
    const document = planDocument(samplePlan({ steps: [step], identity: IDENTITY }));
    return `plan_text='${document}'; if parse_plan; then judge_risk; echo "$judged_risk"; else echo 'not taken'; fi`;
  });
  const told = runParts(shell, PARTS, program.join('\n')).toString().trim().split('\n');
  assert.equal(told.length, steps.length);
  return told;
}

function randomStep(random: SeededRandom): PlanStep {
  const gid = random.pick([0, IDENTITY.gid, 48_300, 48_999]);
  const precondition = { device: '1', inode: '2', mode: '0700', uid: 0, gid };
  const common = { path: '/srv/closed', gainingPrincipal: 'everybody', precondition };
  const kind = random.int(10);
  if (kind === 0) return PlanStep.parse({ action: 'chown', ...common, from: '0:0', to: '0:48300' });
  if (kind < 4) return randomChmod(random, common);
  const from = randomAcl(random);
  // Most are near each other, as those of plans are: what is rare otherwise, the right to pass alone, comes up.
  const to = random.chance(80) ? changed(random, from) : randomAcl(random);
  return PlanStep.parse({
    action: 'setfacl',
    ...common,
    from: aclText(from),
    to: aclText(to),
    modify: aclText(to),
    ...(random.chance(15) ? { kind: 'file' } : {}),
  });
}

function randomChmod(random: SeededRandom, common: object): PlanStep {
  const mode = () => random.int(0o1000) | (random.chance(5) ? 0o1000 << random.int(3) : 0);
  const from = mode();
  const to = random.chance(70) ? from | (random.int(2) * 0o100) | (random.int(2) * 0o10) | random.int(2) : mode();
  const single = random.chance(10) ? { kind: 'file' } : {};
  const tree = random.chance(10) ? { tree: { entries: 3, digest: 'a'.repeat(64), kind: 'directory' } } : single;
  const [one, other] = [from, to].map((bits) => bits.toString(8).padStart(4, '0'));
  return PlanStep.parse({ action: 'chmod', ...common, from: one, to: other, gains: 'other', ...tree });
}

const NAMED: readonly Pick<AclEntry, 'tag' | 'id'>[] = [
  { tag: 'user', id: IDENTITY.uid },
  { tag: 'user', id: 48_999 },
  // Its number begins like the service's own.
  { tag: 'user', id: Number(`${IDENTITY.uid}0`) },
  { tag: 'group', id: IDENTITY.gid },
  { tag: 'group', id: 48_300 },
  { tag: 'group', id: 48_999 },
];

/** As the kernel takes one: a mask where there is an entry with a name, or without. */
function randomAcl(random: SeededRandom): AclEntry[] {
  const named = NAMED.filter(() => random.chance(35));
  const mask = named.length > 0 || random.chance(20) ? [{ tag: 'mask', id: null } as const] : [];
  const entries: readonly Pick<AclEntry, 'tag' | 'id'>[] = [
    { tag: 'user', id: null },
    ...named.filter(({ tag }) => tag === 'user'),
    { tag: 'group', id: null },
    ...named.filter(({ tag }) => tag === 'group'),
    ...mask,
    { tag: 'other', id: null },
  ];
  return entries.map((entry) => ({ ...entry, permissions: randomLetters(random) }));
}

function changed(random: SeededRandom, acl: readonly AclEntry[]): AclEntry[] {
  return acl.map((entry) => {
    if (!random.chance(40)) return entry;
    const permissions = random.chance(70) ? `${entry.permissions.slice(0, 2)}x` : randomLetters(random);
    return { ...entry, permissions };
  });
}

function randomLetters(random: SeededRandom): string {
  return ['r', 'w', 'x'].map((letter) => (random.chance(40) ? letter : '-')).join('');
}

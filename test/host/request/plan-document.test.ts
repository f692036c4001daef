import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePlanDocument, planDocument } from '../../../src/host/request/plan-document.ts';
import { textFromBytes } from '../../../src/model/host/host-path.ts';
import type { Plan, PlanStep } from '../../../src/model/plan/plan.ts';
import type { PlanDocument, PlanDocumentStep } from '../../../src/model/plan/plan-document.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { randomPlan } from '../random-plan.ts';
import { samplePlan } from '../sample-plan.ts';

const PLANS = 500;
const seed = seedOfRun();

/** What a document has to tell of a plan. */
function told(plan: Plan): PlanDocument {
  const { identity } = plan;
  const process = plan.process ? `${plan.process.pid}:${plan.process.startTicks}` : null;
  const life = (Date.parse(plan.expiresAt) - Date.parse(plan.createdAt)) / 1000;
  return {
    head: {
      plan: plan.id,
      hash: plan.hash,
      undoes: plan.undoes?.hash ?? null,
      host: plan.host,
      hostname: plan.hostname ? textFromBytes(Buffer.from(plan.hostname)) : null,
      boot: plan.bootId,
      'until-uptime': plan.uptimeSeconds === undefined ? null : Math.ceil(plan.uptimeSeconds + life) + 30,
      expires: plan.expiresAt,
      nonce: plan.nonce,
      risk: plan.risk,
      root: plan.storageRoot,
      uid: identity.uid,
      gid: identity.gid,
      groups: identity.groups,
      override: identity.dacOverride,
      search: identity.dacReadSearch,
      process,
      also: plan.also?.length ?? 0,
      steps: plan.steps.length,
    },
    also: (plan.also ?? []).map(({ use, secret, path }) => ({ use, secret, at: path })),
    steps: plan.steps.map(toldStep),
  };
}

function toldStep(step: PlanStep, index: number): PlanDocumentStep {
  const { device, inode, mode, uid, gid, acl = null } = step.precondition;
  const inodeFields = { path: step.path, device, inode, mode, owner: `${uid}:${gid}`, acl };
  const common = { step: index + 1, ...inodeFields };
  const treeOf = (tree?: { entries: number; digest: string }) => ({
    entries: tree?.entries ?? null,
    digest: tree?.digest ?? null,
  });
  switch (step.action) {
    case 'chmod': {
      const { action, from, to, tree, kind = null } = step;
      return { ...common, action, from, to, ...treeOf(tree), kind: tree?.kind ?? kind };
    }
    case 'chown': {
      const { action, from, to, tree } = step;
      return { ...common, action, from, to, ...treeOf(tree), kind: null };
    }
    case 'setfacl': {
      const { action, from, to, kind = null } = step;
      return { ...common, action, from, to, ...treeOf(), kind };
    }
  }
}

test(`the document of any plan is read back as that plan (RD_SEED=${seed}, ${PLANS} plans)`, () => {
  const random = new SeededRandom(seed);
  for (let number = 0; number < PLANS; number += 1) {
    const plan = randomPlan(random);
    const text = planDocument(plan);
    assert.match(text, /^[\x20-\x7e\n]+$/);
    assert.deepEqual(parsePlanDocument(text), { kind: 'document', document: told(plan) });
  }
});

test(`a plan document with any one line removed, doubled, changed or moved is rejected (RD_SEED=${seed})`, () => {
  const random = new SeededRandom(seed);
  for (let number = 0; number < 6; number += 1) {
    const plan = randomPlan(random);
    const lines = planDocument({ ...plan, steps: plan.steps.slice(0, 3) }).split('\n');
    for (const [index, line] of lines.entries()) {
      const changes = [
        lines.toSpliced(index, 1),
        lines.toSpliced(index, 0, line),
        lines.with(index, `${line} `),
        lines.with(index, `${line}\r`),
        lines.with(index, line.replace(' ', '  ')),
        lines.with(index, line.toUpperCase()),
        lines.with(index, 'more 1'),
      ].filter((changed) => changed.join('\n') !== lines.join('\n'));
      for (const changed of changes) {
        const text = changed.join('\n');
        assert.equal(parsePlanDocument(text).kind, 'malformed', text);
      }
    }
  }
});

describe('a plan document that no plan could have is rejected, and the error names its line', () => {
  const text = planDocument(samplePlan({ nonce: 'ab'.repeat(16) }));
  const rows: readonly (readonly [what: string, from: string | RegExp, to: string, line: number, expected: string])[] =
    [
      ['another form', 'plan/2', 'plan/3', 1, 'registry-doctor-plan/2'],
      ['the form before this one', 'plan/2', 'plan/1', 1, 'registry-doctor-plan/2'],
      ['a byte that is not written so', 'host git01', 'host git\\0060', 5, 'host'],
      ['an escape beyond a byte', 'host git01', 'host git\\0777', 5, 'host'],
      ['a blank', 'host git01', 'host git 01', 5, 'host'],
      ['a NUL', '/srv/closed/registry', '/srv/closed\\0000', 12, 'root'],
      ['no host', 'host git01', 'host -', 5, 'host'],
      ['a relative path', 'path /srv', 'path srv', 23, 'path'],
      ['a leading zero', 'uid 48211', 'uid 048211', 13, 'uid'],
      ['no number', 'uid 48211', 'uid 0x10', 13, 'uid'],
      ['an empty value', 'uid 48211', 'uid ', 13, 'uid'],
      ['another action', 'action chmod', 'action rm', 22, 'action'],
      ['a mode of three digits', 'to 0711', 'to 711', 30, 'to'],
      ['a mode for an owner', 'action chmod', 'action chown', 29, 'from'],
      ['entries without a digest', 'entries -', 'entries 4', 32, 'digest'],
      ['another number of steps', 'steps 1', 'steps 2', 34, 'step'],
      ['no step', 'steps 1', 'steps 0', 20, 'steps'],
      ['a step out of its order', 'step 1\n', 'step 2\n', 21, 'step'],
      ['something after the end', /end\n$/, 'end\nend\n', 35, ''],
      ['no newline at the end', /end\n$/, 'end', 35, ''],
      ['no storage, and nothing beside it', /root .*/, 'root -', 12, 'root'],
      ['more paths than it has', 'also 0', 'also 1', 21, 'use'],
      ['too many paths', 'also 0', 'also 17', 19, 'also'],
      ['an unknown use', 'also 0\nsteps 1', 'also 1\nsteps 1\nuse run\nsecret 0\nat /srv/x', 21, 'use'],
      [
        'a secret that is neither 0 nor 1',
        'also 0\nsteps 1',
        'also 1\nsteps 1\nuse read\nsecret 2\nat /srv/x',
        22,
        'secret',
      ],
      ['a relative path beside it', 'also 0\nsteps 1', 'also 1\nsteps 1\nuse read\nsecret 1\nat x', 23, 'at'],
      ['a directory that is not the only kind', 'kind -', 'kind directory', 33, 'kind'],
      ['a moment without a zone', /expires .*Z/, 'expires 2026-01-01T00:00:00', 9, 'expires'],
    ];
  for (const [what, from, to, line, expected] of rows) {
    test(`an invalid plan document is rejected, and the error names its line: ${what}`, () => {
      const changed = text.replace(from, to);
      assert.notEqual(changed, text);
      assert.deepEqual(parsePlanDocument(changed), { kind: 'malformed', line, expected });
    });
  }

  test('a text that is not a plan document is rejected', () => {
    for (const none of ['', '\n', 'x'.repeat(100_000), text.repeat(2)]) {
      assert.equal(parsePlanDocument(none).kind, 'malformed');
    }
  });
});

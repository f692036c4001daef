import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { causeOf, type Failing, groupOf } from '../../../src/incident/quiet/grouping.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { ALICE as BY_PERSON } from '../../store/samples.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';

const START = Date.UTC(2026, 10, 29, 14, 0);
const at = (second: number) => new Date(START + second * 1000).toISOString();

function failing(id: number, second: number, traits: Partial<NonNullable<Failing['traits']>> | null = {}): Failing {
  const host = HostName.parse(`git${String(id).padStart(2, '0')}`);
  const found = traits && { shares: [], bootedAt: null, ...traits };
  const openedBy = { kind: 'bot', part: 'watch' } as const;
  return { id, host, openedAt: at(second), openedBy, verdict: null, traits: found };
}

const ids = (group: readonly Failing[] | null) => group?.map(({ id }) => id) ?? null;

describe('hosts whose storage is on one file server', () => {
  const [one, two] = [failing(1, 0, { shares: ['nas01:/registry'] }), failing(2, 60, { shares: ['nas01:/registry'] })];

  test('two hosts with one share are a group, and the share is its cause', () => {
    assert.deepEqual(ids(groupOf(two, [one, two, failing(3, 60)])), [1, 2]);
    assert.deepEqual(causeOf([one, two]), { kind: 'share', source: 'nas01:/registry' });
  });

  test('with other shares of the same server the server is the cause', () => {
    const other = failing(3, 90, { shares: ['NAS01:/other'] });
    assert.deepEqual(ids(groupOf(other, [one, two, other])), [1, 2, 3]);
    assert.deepEqual(causeOf([one, two, other]), { kind: 'server', server: 'nas01' });
  });

  test('a Windows share and an IPv6 address name their servers', () => {
    for (const [a, b, server] of [
      ['//files/a', '//FILES/b', 'files'],
      ['[fd00::1]:/a', '[fd00::1]:/b', '[fd00::1]'],
    ] as const) {
      assert.deepEqual(causeOf([failing(1, 0, { shares: [a] }), failing(2, 0, { shares: [b] })]), {
        kind: 'server',
        server,
      });
    }
  });

  test('faults that are far apart in time have causes of their own', () => {
    const later = failing(3, 16 * 60, { shares: ['nas01:/registry'] });
    assert.equal(groupOf(later, [one, later]), null);
  });

  test('one host with two incidents is no group', () => {
    assert.equal(groupOf(two, [{ ...two, id: 9 }, two]), null);
  });
});

describe('hosts that booted together', () => {
  const booted = (id: number, opened: number, boot: number) => failing(id, opened, { bootedAt: at(boot) });

  test('two hosts that booted within a minute are a group, and the first boot is its cause', () => {
    const all = [booted(1, 0, -300), booted(2, 10, -240), booted(3, 20, -100)];
    assert.deepEqual(ids(groupOf(booted(2, 10, -240), all)), [1, 2]);
    assert.deepEqual(causeOf(all), { kind: 'boot', at: at(-300) });
  });

  test('a boot long before the fault explains nothing', () => {
    const all = [booted(1, 0, -3_600), booted(2, 0, -3_600)];
    assert.equal(groupOf(booted(1, 0, -3_600), all), null);
    assert.equal(causeOf(all), null);
  });
});

describe('many hosts at once', () => {
  const many = [1, 2, 3, 4, 5].map((id) => failing(id, id * 25, null));

  test('five hosts within two minutes are a group without a known cause', () => {
    assert.deepEqual(ids(groupOf(failing(5, 125, null), many)), [1, 2, 3, 4, 5]);
    assert.equal(causeOf(many), null);
  });

  test('four hosts are none, and neither are five that are further apart', () => {
    assert.equal(groupOf(failing(4, 100, null), many.slice(0, 4)), null);
    assert.equal(groupOf(failing(5, 146, null), [...many.slice(0, 4), failing(5, 146, null)]), null);
  });

  test('questions of people about hosts that are not known to be faulty count for nothing', () => {
    const asked = (id: number): Failing => ({ ...failing(id, id * 25, null), openedBy: BY_PERSON });
    const found = (id: number): Failing => ({ ...asked(id), verdict: 'faulty' });
    assert.equal(groupOf(failing(5, 125, null), [...many.slice(0, 3), asked(4), failing(5, 125, null)]), null);
    assert.deepEqual(ids(groupOf(failing(5, 125, null), [...many, asked(6)])), [1, 2, 3, 4, 5]);
    assert.equal(groupOf(asked(6), [...many, asked(6)]), null);
    assert.deepEqual(ids(groupOf(found(4), [...many.slice(0, 3), found(4), found(5)])), [1, 2, 3, 4, 5]);
  });

  test('a cause is named once more than half of the diagnosed hosts have it', () => {
    const shared = (id: number) => failing(id, id, { shares: ['nas01:/a'] });
    assert.deepEqual(causeOf([...many, shared(6), shared(7), failing(8, 8)]), { kind: 'share', source: 'nas01:/a' });
    assert.equal(causeOf([shared(6), shared(7), failing(8, 8), failing(9, 9)]), null);
  });
});

test('over random incidents a group holds its incident, and every member of one that shares a server agrees on it', (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  for (let round = 0; round < 200; round += 1) {
    const all = Array.from({ length: 1 + random.int(12) }, (_, index) =>
      failing(
        index + 1,
        random.int(1_200),
        random.chance(30)
          ? null
          : {
              shares: random.chance(50) ? [`nas0${random.int(3)}:/a`] : [],
              bootedAt: random.chance(50) ? at(-random.int(3_000)) : null,
            },
      ),
    );
    for (const one of all) {
      const group = groupOf(one, all);
      if (group === null) continue;
      assert.ok(group.includes(one));
      assert.ok(new Set(group.map(({ host }) => host)).size >= 2);
      for (const member of group) {
        if (
          one.traits?.shares[0] !== undefined &&
          group.every(({ traits }) => traits?.shares[0] === one.traits?.shares[0])
        ) {
          assert.deepEqual(causeOf(group)?.kind, 'share');
        }
        assert.ok(Math.abs(Date.parse(member.openedAt) - Date.parse(one.openedAt)) <= 15 * 60_000);
      }
    }
  }
});

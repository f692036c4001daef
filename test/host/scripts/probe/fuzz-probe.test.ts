import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { judgeFacts } from '../../../../src/diagnosis/judge-facts.ts';
import { parseProbe } from '../../../../src/host/probe/parse-probe.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { probeRequest } from '../../../../src/host/request/guard-request.ts';
import { HostName } from '../../../../src/model/record/ids.ts';
import { type RegistryHost, startRegistryHost } from '../../../support/hosts/registry-host.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { hostSettings } from '../../sample-settings.ts';
import { runScript, SHELLS } from '../../shells.ts';

/**
 * Real outputs of the probe, broken in every way. Three things hold:
 * - nothing that a host prints makes us throw;
 * - an output that is not whole (cut, a field or a section lost, doubled or moved) is malformed, whatever it said;
 * - a probe of a faulty host is never taken for that of a healthy one, though any of its bytes be others: each of its faults
 *   is told in several places (the bits, what was tried, what the registry answers).
 * A healthy host's bytes may change and leave it healthy: a host name is free text.
 */

const SEED = seedOfRun();
/** Mutants of each output; many more with RD_FUZZ, which `npm run fuzz` sets. */
const ROUNDS = Number(process.env['RD_FUZZ'] ?? 80);
const NONCE = 'f'.repeat(32);
const HOST = HostName.parse('git01');

type Output = { readonly what: string; readonly raw: Buffer; readonly verdict: 'healthy' | 'faulty' };

describe('the parser of the probe’s output, given damaged output', {
  skip: skipUnless('linux', 'root', 'docker-registry', 'setpriv'),
}, () => {
  let host: RegistryHost;
  const outputs: Output[] = [];

  before(async () => {
    host = await startRegistryHost({ closed: [] });
    await host.waitUntilWell();
    collect('healthy');
    host.close('ops');
    host.close('disk4t');
    await host.waitUntilUnwell();
    collect('faulty');
  });
  after(() => host?.stop());

  function collect(verdict: Output['verdict']): void {
    const settings = hostSettings(host.registrySettings());
    for (const shell of SHELLS.filter(({ skip }) => !skip)) {
      const { stdout } = runScript(
        shell,
        guardOverStdin(probeRequest({ nonce: NONCE, host: settings, rootOverride: null })),
      );
      outputs.push({ what: `${shell.name}, ${verdict}`, raw: stdout, verdict });
    }
  }

  test('the probe’s undamaged output gives the expected facts', () => {
    assert.ok(outputs.length > 2);
    for (const { what, raw, verdict } of outputs) assert.equal(judged(raw), verdict, what);
  });

  test('the probe’s output is rejected as malformed if it is cut anywhere', () => {
    for (const { what, raw } of outputs) {
      for (let end = 0; end < raw.length; end += 1 + Math.floor(raw.length / (ROUNDS * 2))) {
        assert.equal(judged(raw.subarray(0, end)), 'malformed', `${what}: the first ${end} bytes`);
      }
    }
  });

  test('the probe’s output is rejected as malformed if a field is lost, doubled, moved or added', (t) => {
    t.diagnostic(`RD_SEED=${SEED}`);
    const random = new SeededRandom(SEED);
    for (const { what, raw } of outputs) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { how, parts } = breakFields(random, fieldsOf(raw));
        assert.equal(judged(Buffer.concat(parts)), 'malformed', `RD_SEED=${SEED} ${what}, round ${round}: ${how}`);
      }
    }
  });

  test('the probe’s output is rejected as malformed if one of its parts is lost or doubled', () => {
    for (const { what, raw } of outputs) {
      const names = sectionNames(raw);
      assert.ok(names.length > 5, `${what}: ${names}`);
      for (const name of names) {
        assert.equal(judged(withoutSection(raw, name)), 'malformed', `${what}: without ${name}`);
        assert.equal(judged(withSectionTwice(raw, name)), 'malformed', `${what}: ${name} twice`);
      }
    }
  });

  test('changed bytes in the probe’s output never make a faulty host healthy and never throw', (t) => {
    t.diagnostic(`RD_SEED=${SEED}`);
    const random = new SeededRandom(SEED);
    for (const { what, raw, verdict } of outputs) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { how, bytes } = changeBytes(random, raw);
        const became = judged(bytes);
        if (verdict === 'faulty') assert.notEqual(became, 'healthy', `RD_SEED=${SEED} ${what}, round ${round}: ${how}`);
      }
    }
  });

  test('a single flipped bit in the modes of a faulty host’s directories never makes the host healthy', (t) => {
    t.diagnostic(`RD_SEED=${SEED}`);
    const random = new SeededRandom(SEED);
    for (const { what, raw } of outputs.filter(({ verdict }) => verdict === 'faulty').slice(0, 1)) {
      const from = raw.indexOf('stats\0');
      const to = raw.indexOf('\0', from + 'stats\0'.length);
      for (let round = 0; round < ROUNDS * 4; round += 1) {
        const at = from + random.int(to - from);
        const bit = random.int(8);
        const bytes = Buffer.from(raw);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        assert.notEqual(judged(bytes), 'healthy', `RD_SEED=${SEED} ${what}: bit ${bit} of byte ${at}`);
      }
    }
  });

  test('a huge value in the probe’s output is rejected quickly with an error message', () => {
    for (const { what, raw } of outputs.slice(0, 2)) {
      const fields = fieldsOf(raw);
      for (const [index, field] of fields.entries()) {
        const huge = Buffer.concat([field.subarray(0, -1), Buffer.alloc(2 * 1024 * 1024, 0x39), Buffer.from('\0')]);
        const startedAt = performance.now();
        judged(Buffer.concat(fields.with(index, huge)));
        const ms = performance.now() - startedAt;
        assert.ok(ms < 5_000, `${what}: ${field.subarray(0, 20).toString('latin1')} took ${ms} ms`);
      }
    }
  });
});

/** The verdict; `malformed` for what is not taken for a probe of this host at all. */
function judged(raw: Uint8Array): string {
  const parsed = parseProbe(raw, { nonce: NONCE, host: HOST });
  if (parsed.kind !== 'facts') return 'malformed';
  return judgeFacts(parsed.facts).verdict;
}

/** Key and value of each, both with their NUL. */
function fieldsOf(raw: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let from = 0;
  while (from < raw.length) {
    const to = raw.indexOf(0, raw.indexOf(0, from) + 1) + 1;
    fields.push(raw.subarray(from, to));
    from = to;
  }
  return fields;
}

function breakFields(random: SeededRandom, fields: readonly Buffer[]): { how: string; parts: readonly Buffer[] } {
  // Whatever comes before the first field is a shell's greeting, and no part of the output.
  const index = 1 + random.int(fields.length - 1);
  const field = fields[index] ?? Buffer.alloc(0);
  const key = field.subarray(0, field.indexOf(0)).toString('latin1');
  switch (random.int(5)) {
    case 0:
      return { how: `without ${key}`, parts: fields.toSpliced(index, 1) };
    case 1:
      return { how: `${key} twice`, parts: fields.toSpliced(index, 0, field) };
    case 2: {
      const other = (index + 1 + random.int(fields.length - 1)) % fields.length;
      const swapped = fields.with(index, fields[other] ?? field).with(other, field);
      return { how: `${key} and field ${other} in each other’s place`, parts: swapped };
    }
    case 3:
      return { how: `a NUL in ${key}`, parts: fields.with(index, Buffer.concat([Buffer.from('\0'), field])) };
    default:
      return { how: 'more after the end', parts: [...fields, Buffer.from(`${fields.length} more\0x\0`)] };
  }
}

function changeBytes(random: SeededRandom, raw: Buffer): { how: string; bytes: Buffer } {
  const at = random.int(raw.length);
  const length = 1 + random.int(random.chance(80) ? 4 : 400);
  const before = raw.subarray(0, at);
  const rest = raw.subarray(at + length);
  switch (random.int(5)) {
    case 0: {
      const bytes = Buffer.from(raw);
      for (let index = at; index < Math.min(at + length, bytes.length); index += 1) bytes[index] = random.int(256);
      return { how: `${length} other bytes at ${at}`, bytes };
    }
    case 1:
      return { how: `${length} bytes fewer at ${at}`, bytes: Buffer.concat([before, rest]) };
    case 2:
      return {
        how: `${length} bytes twice at ${at}`,
        bytes: Buffer.concat([before, raw.subarray(at, at + length), raw.subarray(at)]),
      };
    case 3: {
      const bytes = Buffer.from(raw);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
      return { how: `another bit at ${at}`, bytes };
    }
    default: {
      const piece = raw.subarray(random.int(raw.length)).subarray(0, length);
      return { how: `${length} bytes from elsewhere at ${at}`, bytes: Buffer.concat([before, piece, rest]) };
    }
  }
}

/** Sections stand in the last field but two, each after a line of the nonce and its name. */
function sectionNames(raw: Buffer): string[] {
  return [...raw.toString('latin1').matchAll(new RegExp(`^${NONCE} ([a-z0-9_]+)$`, 'gm'))].map(([, name = '']) => name);
}

function sectionIn(raw: Buffer, name: string): { readonly from: number; readonly to: number } {
  const text = raw.toString('latin1');
  const from = text.indexOf(`${NONCE} ${name}\n`);
  const next = text.indexOf(`\n${NONCE} `, from);
  const end = text.indexOf('\0', from);
  return { from, to: next < 0 || next > end ? end : next + 1 };
}

function withoutSection(raw: Buffer, name: string): Buffer {
  const { from, to } = sectionIn(raw, name);
  return Buffer.concat([raw.subarray(0, from), raw.subarray(to)]);
}

function withSectionTwice(raw: Buffer, name: string): Buffer {
  const { from, to } = sectionIn(raw, name);
  const section = Buffer.concat([raw.subarray(from, to), Buffer.from(raw[to - 1] === 10 ? '' : '\n')]);
  return Buffer.concat([raw.subarray(0, from), section, raw.subarray(from)]);
}

import { HostPath, textFromBytes } from '../../src/model/host/host-path.ts';
import { type AlsoUsed, Plan, type PlanStep } from '../../src/model/plan/plan.ts';
import { hostileText } from '../slack/random-value.ts';
import type { SeededRandom } from '../support/random.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { samplePlan } from './sample-plan.ts';

/** A plan with every field somewhere between absent and absurd, and paths that hold any byte but NUL. */
export function randomPlan(random: SeededRandom): Plan {
  const maybe = <T>(value: T): T | undefined => (random.chance(60) ? value : undefined);
  const id = () => random.int(4_294_967_296);
  const also = maybe(Array.from({ length: 1 + random.int(random.chance(10) ? 16 : 3) }, () => randomAlso(random)));
  return Plan.parse({
    ...samplePlan(),
    id: `${1 + random.int(1e9)}-${1 + random.int(999)}`,
    hash: `sha256:${hex(random, 64)}`,
    undoes: maybe({ id: '7-1', hash: `sha256:${hex(random, 64)}` }),
    hostname: hostileText(random, 80).replaceAll('\0', '').toWellFormed(),
    bootId: random.chance(50) ? null : `${hex(random, 8)}-${hex(random, 4)}`,
    uptimeSeconds: maybe(random.int(1e9) / 100),
    nonce: hex(random, 32),
    risk: random.pick(['low', 'high']),
    storageRoot: also !== undefined && random.chance(20) ? null : randomPath(random),
    also,
    identity: {
      user: 'registry',
      uid: id(),
      gid: id(),
      groups: Array.from({ length: random.int(5) }, id),
      dacOverride: random.chance(50),
      dacReadSearch: random.chance(50),
    },
    process: maybe({ pid: 1 + random.int(4_194_304), startTicks: String(random.int(1e9)) }),
    steps: Array.from({ length: 1 + random.int(random.chance(10) ? 64 : 4) }, () => randomStep(random)),
  });
}

function randomAlso(random: SeededRandom): AlsoUsed {
  const use = random.pick(['read', 'write', 'directory'] as const);
  return { use, path: randomPath(random), secret: random.chance(50) };
}

function randomStep(random: SeededRandom): PlanStep {
  const action = random.pick(['chmod', 'chown', 'setfacl'] as const);
  const tree = random.chance(30) ? { entries: 1 + random.int(1e9), digest: hex(random, 64) } : undefined;
  const kind = random.pick(['directory', 'file']);
  const value = { chmod: randomMode, chown: randomOwner, setfacl: randomAcl }[action];
  return Plan.shape.steps.element.parse({
    action,
    path: randomPath(random),
    from: value(random),
    to: value(random),
    ...(tree && action === 'chmod' ? { tree: { ...tree, kind } } : {}),
    ...(tree && action === 'chown' ? { tree } : {}),
    ...(action === 'chmod' ? { gains: 'other' } : {}),
    ...(action !== 'chown' && random.chance(20) && !(tree && action === 'chmod') ? { kind: 'file' } : {}),
    ...(action === 'setfacl' ? { modify: randomAcl(random) } : {}),
    gainingPrincipal: hostileText(random, 40),
    precondition: {
      device: String(random.int(1e9)),
      inode: random.pick(['1', '18446744073709551615']),
      mode: randomMode(random),
      uid: random.int(70_000),
      gid: random.int(70_000),
      ...(random.chance(50) ? { acl: randomAcl(random) } : {}),
    },
  });
}

function randomPath(random: SeededRandom): HostPath {
  const names = Array.from({ length: 1 + random.int(6) }, () => randomName(random));
  return HostPath.parse(textFromBytes(Buffer.concat(names.flatMap((name) => [Buffer.from('/'), name]))));
}

function randomName(random: SeededRandom): Buffer {
  if (random.chance(30)) return random.pick(HOSTILE_NAMES).bytes;
  return Buffer.from(Array.from({ length: 1 + random.int(20) }, () => 1 + random.int(255)));
}

function randomMode(random: SeededRandom): string {
  return random.int(0o10000).toString(8).padStart(4, '0');
}

function randomOwner(random: SeededRandom): string {
  return `${random.int(70_000)}:${random.int(70_000)}`;
}

function randomAcl(random: SeededRandom): string {
  return `user::rwx,user:${random.int(70_000)}:${random.pick(['--x', 'r-x', '---'])},group::r-x,mask::r-x,other::---`;
}

function hex(random: SeededRandom, digits: number): string {
  return Array.from({ length: digits }, () => random.int(16).toString(16)).join('');
}

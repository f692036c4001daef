import type { Identity } from '../../../src/model/host/facts.ts';
import type { Act } from './act.ts';
import type { Case } from './case.ts';

type StillFails = (smaller: Case) => Promise<boolean>;

/** The case without everything that its failure does not need, and with every value made plain. */
export async function shrinkCase(failing: Case, stillFails: StillFails): Promise<Case> {
  let smallest = failing;
  for (;;) {
    const before = JSON.stringify(smallest);
    smallest = await shrinkActs(smallest, stillFails);
    smallest = await shrinkPath(smallest, stillFails);
    smallest = await shrinkDepth(smallest, stillFails);
    smallest = await shrinkIdentity(smallest, stillFails);
    smallest = await simplifyActs(smallest, stillFails);
    if (JSON.stringify(smallest) === before) return smallest;
  }
}

/** Leaves out parts of the list, long ones first, as long as the rest still fails. */
export async function shrinkList<T>(
  items: readonly T[],
  stillFails: (fewer: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = left.toSpliced(at, size);
      if (await stillFails(fewer)) left = fewer;
      else at += size;
    }
  }
  return left;
}

async function shrinkActs(of: Case, stillFails: StillFails): Promise<Case> {
  return { ...of, acts: await shrinkList(of.acts, (acts) => stillFails({ ...of, acts })) };
}

async function shrinkPath(of: Case, stillFails: StillFails): Promise<Case> {
  const [top = '%', ...names] = of.path.split('/');
  const pathOf = (left: readonly string[]) => [top, ...left].join('/');
  return { ...of, path: pathOf(await shrinkList(names, (left) => stillFails({ ...of, path: pathOf(left) }))) };
}

/** Removes directories from the middle: their entries move to the parent. */
async function shrinkDepth(of: Case, stillFails: StillFails): Promise<Case> {
  let smallest = of;
  for (const act of of.acts) {
    if (act.do !== 'directory') continue;
    const flatter = withoutLevel(smallest, act.at);
    if (await stillFails(flatter)) smallest = flatter;
  }
  return smallest;
}

function withoutLevel({ acts, path, ...rest }: Case, directory: string): Case {
  const parent = directory.slice(0, Math.max(0, directory.lastIndexOf('/')));
  const raised = (at: string) =>
    at.startsWith(`${directory}/`)
      ? [parent, at.slice(directory.length + 1)].filter((part) => part !== '').join('/')
      : at;
  const raisedInTop = (text: string) => (text.startsWith('%/') ? `%/${raised(text.slice(2))}` : text);
  const left = acts
    .filter(({ at }) => at !== directory)
    .map((act): Act => {
      if (act.do === 'link') return { ...act, at: raised(act.at), to: raisedLink(act, raised) };
      return act.do === 'bind'
        ? { ...act, at: raised(act.at), from: raised(act.from) }
        : { ...act, at: raised(act.at) };
    });
  return { ...rest, acts: left, path: raisedInTop(path) };
}

/** A relative target still leads from the symlink's new position to its target's new position. */
function raisedLink({ at, to }: Extract<Act, { do: 'link' }>, raised: (at: string) => string): string {
  if (to.startsWith('%/')) return `%/${raised(to.slice(2))}`;
  if (to.startsWith('%') || to.startsWith('/') || !to.includes('/')) return to;
  const end: string[] = [];
  for (const name of [...at.split('/').slice(0, -1), ...to.split('/')]) {
    if (name === '..') end.pop();
    else if (name !== '' && name !== '.') end.push(name);
  }
  return `${'../'.repeat(raised(at).split('/').length - 1)}${raised(end.join('/'))}` || '.';
}

async function shrinkIdentity(of: Case, stillFails: StillFails): Promise<Case> {
  const { identity } = of;
  const groups = [
    ...(await shrinkList(identity.groups, (left) =>
      stillFails({ ...of, identity: { ...identity, groups: [...left] } }),
    )),
  ];
  let smallest: Case = { ...of, identity: { ...identity, groups } };
  const plainer: Partial<Identity>[] = [
    { dacOverride: false },
    { dacReadSearch: false },
    { uid: 61_001, user: 'u61001' },
  ];
  for (const change of plainer) {
    const candidate = { ...smallest, identity: { ...smallest.identity, ...change } };
    if (await stillFails(candidate)) smallest = candidate;
  }
  return smallest;
}

async function simplifyActs(of: Case, stillFails: StillFails): Promise<Case> {
  let smallest = of;
  for (const index of of.acts.keys()) {
    const put = (act: Act): Case => ({ ...smallest, acts: smallest.acts.with(index, act) });
    const act = smallest.acts[index];
    if (!act) continue;
    for (const plain of plainer(act)) {
      if (await stillFails(put(plain))) {
        smallest = put(plain);
        break;
      }
    }
    if (act.do !== 'acl') continue;
    const entries = await shrinkList(act.acl.split(','), (left) => stillFails(put({ ...act, acl: left.join(',') })));
    smallest = put({ ...act, acl: entries.join(',') });
  }
  return smallest;
}

/** The plainest first. */
function plainer(act: Act): Act[] {
  switch (act.do) {
    case 'mode':
      return ['0755', '0711', '0700', '0777'].slice(0, plainness(act.mode)).map((mode) => ({ ...act, mode }));
    case 'own':
      return [
        { ...act, uid: 0, gid: 0 },
        { ...act, gid: 0 },
        { ...act, uid: 0 },
      ].filter(({ uid, gid }) => uid !== act.uid || gid !== act.gid);
    case 'link':
      return act.uid === 0 ? [] : [{ ...act, uid: 0 }];
    default:
      return [];
  }
}

/** How many of the plain modes are plainer than this one. */
function plainness(mode: string): number {
  const index = ['0755', '0711', '0700', '0777'].indexOf(mode);
  return index < 0 ? 4 : index;
}

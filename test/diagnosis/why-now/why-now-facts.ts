import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { explainWhyNow } from '../../../src/diagnosis/why-now/why-now.ts';
import type { Hypothesis, HypothesisId, WhyNow } from '../../../src/model/diagnosis/why-now.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import { Facts, type PathNode } from '../../../src/model/host/facts.ts';
import type { FileRole, HostEvent, HostEventKind } from '../../../src/model/host/history.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { type FactsOptions, factsOf, hostPath, mountOf } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** The times of the stories that tests tell, in seconds; an hour and more apart where it matters. */
export const BOOT = 1_759_998_000;
export const PREVIOUS_BOOT = BOOT - 30 * 86_400;
export const OLD_START = PREVIOUS_BOOT + 7_200;
export const LAST_GOOD = BOOT - 14_400;
export const FIRST_BAD = BOOT + 120;
export const TAKEN = BOOT + 2_000;
export const LONG_AGO = PREVIOUS_BOOT - 86_400;

export const BLOCKER = '/data/vol1/ops';
export const LINK = '/var/opt/gitlab/gitlab-rails';
const ROOT = '/var/opt/gitlab/gitlab-rails/shared/registry';

/** The incident's two closed directories and everything else on the way, with the times that are given; long ago otherwise. */
export function incidentAt(times: Readonly<Record<string, Times>>): Facts {
  const facts = incidentFacts();
  return { ...facts, nodes: facts.nodes.map((node) => withTimes(node, times[node.path] ?? {})), ...recordsOf({}) };
}

export type Times = { readonly changed?: number; readonly modified?: number | null; readonly born?: number | null };

function withTimes(node: PathNode, { changed = LONG_AGO, modified, born = LONG_AGO }: Times): PathNode {
  if (node.state !== 'present') return node;
  const modifiedAt = modified === null ? unknown('not-asked') : known(modified ?? changed);
  return { ...node, changedAt: changed, modifiedAt, bornAt: born === null ? absent : known(born) };
}

export type Records = {
  readonly events?: readonly HostEvent[];
  readonly files?: readonly (readonly [FileRole, number])[];
  readonly lastGood?: number | null;
  readonly firstBad?: number | null;
  /** Any request that went well, without being for an image. */
  readonly lastOk?: number | null;
  readonly logsFrom?: number;
};

/** The facts that tell of the past. */
export function recordsOf({
  events = [],
  files = [],
  lastGood = null,
  firstBad = FIRST_BAD,
  lastOk = null,
  logsFrom = LONG_AGO,
}: Records) {
  const access = (at: number | null, path: string, status: number) =>
    at === null ? null : { at, method: 'GET', path, status };
  const logs = {
    files: [{ name: '/var/log/gitlab/registry/current', bytes: 1, cut: false }],
    from: logsFrom,
    to: TAKEN,
    countByStatus: {},
    firstBadOfLastRun: access(firstBad, '/v2/', 503),
    firstBad: access(firstBad, '/v2/', 503),
    lastBad: access(TAKEN, '/v2/', 503),
    lastGoodStorage: access(lastGood, '/v2/a/manifests/latest', 200),
    lastGood: access(lastOk, '/v2/', 200),
    complaints: [],
    unreadLines: 0,
  };
  return Facts.pick({ logs: true, history: true }).parse({
    logs: known(logs),
    history: known({
      events: [...events].toSorted((a, b) => a.at - b.at),
      sources: [{ name: 'journal', state: 'read', from: PREVIOUS_BOOT }],
      files: files.map(([role, changedAt]) => ({ path: `/etc/${role}`, role, changedAt })),
    }),
  });
}

export function event(
  kind: HostEventKind,
  at: number,
  of: { path?: string; text?: string; source?: string } = {},
): HostEvent {
  const { path, text = kind, source = 'journal' } = of;
  return { at, kind, text, path: path === undefined ? null : hostPath(path), source };
}

/** Boots as the log tells them. */
export const BOOTS = [event('boot', PREVIOUS_BOOT), event('boot', BOOT)];
export const OLD_SERVICE_START = event('service-start', OLD_START, {
  text: 'Started GitLab Runit supervision process.',
});

/** A storage root on a disk of its own at /data. */
export function onDisk(options: FactsOptions = {}): Facts {
  const mounts = known([
    mountOf({ mountPoint: hostPath('/') }),
    mountOf({ mountPoint: hostPath('/data'), source: '/dev/sdb1' }),
  ]);
  return factsOf({ storageRoot: '/data/registry', mounts, ...recordsOf({}), ...options });
}

export { ROOT };

/** What is said of why the fault of these facts shows only now. */
export function explain(facts: Facts): WhyNow | null {
  return explainWhyNow(judgeAccess(facts), allFindings(facts));
}

/** One hypothesis of it; undefined where it has nothing to do with the fault. */
export function hypothesis(facts: Facts, id: HypothesisId): Hypothesis | undefined {
  return explain(facts)?.hypotheses.find((one) => one.id === id);
}

import { speaksAsRegistry } from '../../diagnosis/checks/evidence/registry-answer.ts';
import { afterTries, NO_WAY_FAILED, type WayMemory, waysToTry } from '../../incident/watch/look-way.ts';
import type { CheapWay, LookedBy, LookWay, WayFailed, WayProblem } from '../../model/connection/look-way.ts';
import { type Fact, knownValue } from '../../model/fact.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import { isLoopback } from '../../model/settings/loopback.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { RegistryHttp, RemoteHost } from '../ports/host.ts';
import { askRegistry, isHealthy, type RegistryAnswer } from './ask-registry.ts';

/** The registry's config might change, so its addresses are read again this often. */
const LEARNED_FOR_MS = 60 * 60_000;

/** The addresses in the registry's own config, as the guard found them on the host. */
type Learned = { readonly v2: string; readonly health: string | null; readonly atMs: number };

/** What earlier looks at one host have shown. */
export type LookMemory = {
  readonly ways: WayMemory;
  readonly learned: Learned | null;
  /** Null: the last look got no answer from the host, or there was none. */
  readonly lastWay: LookWay | null;
};

export const NO_LOOKS: LookMemory = { ways: NO_WAY_FAILED, learned: null, lastWay: null };

/** One look: the registry's answer, and how it was got. */
export type RegistryLook = {
  readonly answer: RegistryAnswer;
  readonly way: LookWay;
  readonly failed: readonly WayFailed[];
  readonly memory: LookMemory;
};

export type Looking = {
  readonly remote: RemoteHost;
  readonly http: RegistryHttp;
  readonly nowMs: number;
  /** Resolves when a connection may be made that did not exist at the last look. */
  readonly mayConnect: () => Promise<void>;
};

/** Asks the registry for its health by the cheapest way that gives an answer. A cheap way's silence decides nothing. */
export async function lookAtRegistry(looking: Looking, host: HostSettings, before: LookMemory): Promise<RegistryLook> {
  const urls = urlsOf(host, before.learned, looking.nowMs);
  const failed: WayFailed[] = [];
  for (const way of waysToTry(new Set(urls.keys()), before.ways, looking.nowMs)) {
    if (way !== before.lastWay) await looking.mayConnect();
    const tried = await tryWay(looking, host, way, urls);
    if (tried.kind === 'answered') return concluded(tried.answer, way, failed, before, looking.nowMs);
    failed.push(tried);
  }
  throw new Error('the guard always answers or says why not');
}

/**
 * How the looks at this host are to come: as the first one, or by the addresses that the guard has learned in it.
 * Changes nothing on the host.
 */
export async function tryLook(looking: Looking, host: HostSettings): Promise<LookedBy> {
  const first = await lookAtRegistry(looking, host, NO_LOOKS);
  const { answer, way, failed } =
    first.memory.learned === null ? first : await lookAtRegistry(looking, host, first.memory);
  return {
    way,
    url: answer.v2?.url ?? null,
    blindBecause: answer.wasAsked ? null : (answer.why ?? 'unknown'),
    failed: [...(first.memory.learned === null ? [] : first.failed), ...failed],
  };
}

function concluded(
  answer: RegistryAnswer,
  way: LookWay,
  failed: readonly WayFailed[],
  before: LookMemory,
  nowMs: number,
): RegistryLook {
  const tried = { failed, answeredBy: answer.wasAsked ? way : null, isHealthy: isHealthy(answer) };
  const ways = afterTries(before.ways, tried, nowMs);
  const learned = way === 'guard' ? learnedFrom(answer, nowMs) : before.learned;
  return {
    answer,
    way,
    failed,
    memory: { ways, learned: learned ?? before.learned, lastWay: answer.wasAsked ? way : null },
  };
}

function learnedFrom({ isOnHostNetwork, v2, health }: RegistryAnswer, atMs: number): Learned | null {
  return isOnHostNetwork && v2 !== null ? { v2: v2.url, health: health?.url ?? null, atMs } : null;
}

type Urls = { readonly v2: string; readonly health: string | null };

/** Where to ask by each cheap way that is possible. In an entered container the addresses are not the host's own. */
function urlsOf(host: HostSettings, learned: Learned | null, nowMs: number): ReadonlyMap<CheapWay, Urls> {
  const urls = new Map<CheapWay, Urls>();
  const fromBot = urlFromBot(host);
  if (fromBot !== null) urls.set('from-bot', { v2: `${fromBot}/v2/`, health: null });
  const fromHost = host.enter.length > 0 ? null : urlsOnHost(host, learned, nowMs);
  if (fromHost !== null) urls.set('from-host', fromHost);
  return urls;
}

/** Where the bot's own machine reaches the registry. Null: nowhere. Beyond a jump host is another network, where the same address might be another machine. */
export function urlFromBot({ watch, registry, ssh }: HostSettings): string | null {
  if (watch?.url) return watch.url;
  const { url } = registry;
  return url === null || ssh.jumps.length > 0 || isLoopback(new URL(url).hostname) ? null : url;
}

function urlsOnHost({ registry }: HostSettings, learned: Learned | null, nowMs: number): Urls | null {
  const known = learned !== null && nowMs - learned.atMs < LEARNED_FOR_MS ? learned : null;
  const v2 = registry.url === null ? known?.v2 : `${registry.url}/v2/`;
  if (v2 === undefined) return null;
  return { v2, health: registry.debugUrl === null ? (known?.health ?? null) : `${registry.debugUrl}/debug/health` };
}

type WayTried =
  | { readonly kind: 'answered'; readonly answer: RegistryAnswer }
  | ({ readonly kind: 'failed' } & WayFailed);

async function tryWay(
  { remote, http }: Looking,
  host: HostSettings,
  way: LookWay,
  urls: ReadonlyMap<CheapWay, Urls>,
): Promise<WayTried> {
  if (way === 'guard') return { kind: 'answered', answer: await askRegistry(remote, host) };
  const at = urls.get(way);
  if (at === undefined) throw new Error(`no address is known for the way ${way}`);
  return way === 'from-bot' ? judged(way, at.v2, await http.askFromBot(at.v2), null) : askFromHost(http, host, at);
}

async function askFromHost(http: RegistryHttp, host: HostSettings, at: Urls): Promise<WayTried> {
  const way = 'from-host';
  const asked = await http.askFromHost(host, at.v2);
  if (asked.kind === 'not-connected') {
    // The guard would not be reached either.
    const why = { code: 'no-answer', why: { code: 'ssh', problem: asked.why } } as const;
    return { kind: 'answered', answer: { v2: null, health: null, isOnHostNetwork: false, wasAsked: false, why } };
  }
  if (asked.kind === 'not-forwarded') {
    const forbidden = asked.why.code === 'forwarding-forbidden';
    return { kind: 'failed', way, forbidden, why: { code: 'ssh', problem: asked.why } };
  }
  const health = at.health === null ? null : await http.askFromHost(host, at.health);
  return judged(way, at.v2, asked.answer, health?.kind === 'asked' ? knownValue(health.answer) : null);
}

/** Only a registry's own answer counts: at this address there might be another server, or a proxy before the registry. */
function judged(way: CheapWay, url: string, v2: Fact<HttpAnswer>, health: HttpAnswer | null): WayTried {
  if (v2.state === 'known' && speaksAsRegistry(v2.value)) {
    const answer = { v2: v2.value, health, isOnHostNetwork: true, wasAsked: true, why: null };
    return { kind: 'answered', answer };
  }
  const why: WayProblem =
    v2.state === 'unknown' ? { code: 'no-answer', url, why: v2.why } : { code: 'not-a-registry', url };
  return { kind: 'failed', way, forbidden: v2.state === 'unknown' && v2.why.code === 'loopback-address', why };
}

import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Listener } from '../../../model/host/service-state.ts';
import { isSilence } from '../../../model/reason.ts';
import type { Check } from '../check.ts';
import { listensAt, listensBy } from '../evidence/listen-address.ts';
import { complaintOfThisStart, quoteOf } from '../evidence/log-complaints.ts';
import { isKnownToServe, speaksAsRegistry } from '../evidence/registry-answer.ts';

/**
 * Another process holds the registry's port: bind(2) gives EADDRINUSE and the registry ends (distribution 2.8.2, "bind:
 * address already in use"). A listener that answers like a registry counts as the registry itself, unless the log
 * complains.
 */
export const portTaken: Check<'port-taken'> = {
  id: 'port-taken',
  look({ facts }) {
    const complaint = complaintOfThisStart(facts, 'port-taken');
    const told = portIn(complaint?.words ?? '');
    const other = otherListener(facts);
    if (complaint ? isKnownToServe(facts) && !other : !isSurelyOther(facts, other)) return [];
    // The message decides which port is meant: another process can hold a different port of the registry for good
    // reason.
    const holder = told === null || other?.port === told ? other : listenerAt(facts, told);
    const port = told ?? other?.port ?? null;
    return [
      {
        id: 'port-taken',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        port,
        pid: holder?.pid ?? null,
        command: holder?.command ?? null,
        said: complaint && quoteOf(complaint),
        ...(complaint ? listensBy(facts, complaint.words) : listensAt(facts, port ?? 0)),
      },
    ];
  },
};

/** A listener on one of the registry's ports that is not the registry. Null while the registry's process is unknown. */
function otherListener({ service, process }: Facts): Listener | null {
  if (service.state !== 'known' || service.value.listeners.state !== 'known') return null;
  const listeners = service.value.listeners.value;
  if (process.state === 'absent') return listeners[0] ?? null;
  if (process.state !== 'known') return null;
  const ownPorts = new Set(listeners.filter(({ pid }) => pid === process.value.pid).map(({ port }) => port));
  return listeners.find(({ port, pid }) => pid !== null && !ownPorts.has(port)) ?? null;
}

function listenerAt({ service, process }: Facts, port: number): Listener | null {
  if (service.state !== 'known' || service.value.listeners.state !== 'known') return null;
  const ownPid = knownValue(process)?.pid ?? null;
  return service.value.listeners.value.find((one) => one.port === port && one.pid !== ownPid) ?? null;
}

function isSurelyOther({ v2 }: Facts, other: Listener | null): boolean {
  if (other === null || other.pid === null) return false;
  if (v2.state === 'known') return !speaksAsRegistry(v2.value);
  return v2.state === 'unknown' && (isSilence(v2.why) || v2.why.code === 'not-http');
}

/** The port in `listen tcp 127.0.0.1:5000: bind: address already in use`. */
function portIn(words: string): number | null {
  const port = Number(/:(\d{1,5}): bind:/.exec(words)?.[1]);
  return port > 0 && port <= 65_535 ? port : null;
}

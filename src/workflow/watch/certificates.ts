import type { HostLook } from '../../incident/watch/fleet-report.ts';
import { knownValue } from '../../model/fact.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { urlFromBot } from '../host/look-at-registry.ts';
import type { RegistryHttp } from '../ports/host.ts';

/** The certificates of a registry whose end is known. */
export async function certificatesOf(
  http: RegistryHttp,
  host: HostSettings,
  facts: Facts | null,
): Promise<HostLook['certificates']> {
  return [...(await shownCertificate(http, host)), ...tokenCertificate(facts)];
}

/** As its clients see it, if the bot's own machine reaches it. */
async function shownCertificate(http: RegistryHttp, host: HostSettings): Promise<HostLook['certificates']> {
  const url = urlFromBot(host);
  if (url === null || !url.startsWith('https:')) return [];
  return ending('tls', knownValue(await http.certificateEnd(url)));
}

function tokenCertificate(facts: Facts | null): HostLook['certificates'] {
  const trust = knownValue(facts === null ? undefined : knownValue(facts.service)?.tokenTrust);
  return ending('token', knownValue(trust?.notAfter));
}

function ending(what: 'tls' | 'token', seconds: number | null): HostLook['certificates'] {
  return seconds === null ? [] : [{ what, endsAt: new Date(seconds * 1000).toISOString() }];
}

import { askUrl, placeOf } from '../http/ask-url.ts';
import { certificateEnd } from '../http/certificate-end.ts';
import type { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import type { RegistryHttp } from '../workflow/ports/host.ts';

/** {@link RegistryHttp} from this machine, and through the SSH connections that the bot keeps. */
export function registryHttp(remote: Ssh2RemoteHost): RegistryHttp {
  return {
    askFromBot: (url) => askUrl(url, null),
    certificateEnd,
    async askFromHost(host, url) {
      const { host: address, port } = placeOf(new URL(url));
      const opened = await remote.forward(host, { address, port });
      if (opened.kind !== 'forwarded') return opened;
      return { kind: 'asked', answer: await askUrl(url, opened.stream) };
    },
  };
}

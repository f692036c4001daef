import type { RegistryHttp } from '../../../src/workflow/ports/host.ts';

/** For a bot that watches nothing. */
export const NO_HTTP: RegistryHttp = {
  askFromBot: () => Promise.reject(new Error('no registry is watched')),
  certificateEnd: () => Promise.reject(new Error('no registry is watched')),
  askFromHost: () => Promise.reject(new Error('no registry is watched')),
};

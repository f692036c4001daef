import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { placeOf, type SshProblem } from '../../model/connection/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { type NotConnected, notConnected } from '../wire/not-connected.ts';
import { fingerprint, type HostKeyVerdict, hostKeyAlgorithms, judgeHostKey } from './host-key.ts';
import { knownHostsName } from './host-pattern.ts';
import { type KnownKeys, keysOf, keyTypeIn, parseKnownHosts } from './known-hosts.ts';

/**
 * Reads the known_hosts file again (an added or revoked key counts at once). Returns the check for one connection, or
 * why there can be none.
 */
export async function readHostKeyCheck(settings: SshLogin, file: string): Promise<HostKeyCheck | NotConnected> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return notConnected('known-hosts-unreadable', {
      code: 'known-hosts-unreadable',
      file,
      error: systemProblem(error),
    });
  }
  return new HostKeyCheck(settings, file, text);
}

/** Compares the key that one server shows with the known ones, and remembers why it was refused. */
export class HostKeyCheck {
  readonly kind = 'check';
  readonly algorithms: ServerHostKeyAlgorithm[];
  #trusted = false;
  #refusal: NotConnected | null = null;
  readonly #settings: SshLogin;
  readonly #file: string;
  readonly #name: string;
  readonly #keys: KnownKeys;
  readonly #malformedLines: readonly number[];

  constructor(settings: SshLogin, file: string, text: string) {
    const knownHosts = parseKnownHosts(text);
    this.#settings = settings;
    this.#file = file;
    this.#name = knownHostsName(settings.address, settings.port);
    this.#keys = keysOf(knownHosts, this.#name);
    this.#malformedLines = knownHosts.malformed;
    this.algorithms = hostKeyAlgorithms(this.#keys);
  }

  /** True once the server has shown a key that is known and not revoked. */
  get trusted(): boolean {
    return this.#trusted;
  }

  get refusal(): NotConnected | null {
    return this.#refusal;
  }

  accepts(shown: Buffer): boolean {
    const verdict = judgeHostKey(this.#keys, shown);
    this.#trusted = verdict.kind === 'trusted';
    this.#refusal =
      verdict.kind === 'trusted' ? null : notConnected('host-key-mismatch', this.#explain(verdict, shown));
    return this.#trusted;
  }

  #explain(verdict: Exclude<HostKeyVerdict, { kind: 'trusted' }>, key: Buffer): SshProblem {
    const shown = { type: keyTypeIn(key), fingerprint: fingerprint(key) };
    const about = { at: placeOf(this.#settings), shown, file: this.#file };
    switch (verdict.kind) {
      case 'revoked':
        return { code: 'host-key-revoked', ...about, line: verdict.by.line };
      case 'changed': {
        const known = verdict.known.map((line) => ({
          type: line.keyType,
          fingerprint: fingerprint(line.key),
          line: line.line,
        }));
        return { code: 'host-key-changed', ...about, known, name: this.#name };
      }
      case 'unknown':
        return {
          code: 'host-key-unknown',
          ...about,
          name: this.#name,
          certificateAuthority: this.#keys.authorities.length > 0,
          malformedLines: [...this.#malformedLines],
        };
    }
  }
}

import type { HostSettings } from '../model/settings/settings.ts';

export type HostSetup = {
  readonly host: HostSettings;
  /** The public key as in its .pub file. Null: there is no such file beside the private key. */
  readonly publicKey: string | null;
  /** The key that plans are signed with; null: none is configured. */
  readonly signing: { readonly file: string; readonly publicKey: string | null } | null;
  /** How Registry Doctor is typed on the bot's machine. */
  readonly program: string;
  /** SHA-256 of the guard as this version prints it. */
  readonly guardDigest: string;
  readonly knownHosts: string;
  readonly configFile: string;
};

/** A heading, and the lines below it. */
export type Step = readonly [title: string, ...lines: string[]];

/** What two lines with the same key have in common: neither options nor comment. */
export function bareKey(publicKey: string | null): string {
  return publicKey?.split(' ')[1] ?? 'KEY';
}

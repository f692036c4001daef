import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { hostNamed } from './diagnose.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

/** `host setup HOST`: what to install on that host, as commands to read and run there. */
export async function hostSetupCommand(
  options: { readonly host: string; readonly config: string; readonly program: string; readonly guardDigest: string },
  config: Config,
  console: Console,
): Promise<number> {
  const host = hostNamed(options.host, config, console);
  if (host === null) return EXIT.usage;
  const { knownHosts } = config.ssh;
  const signing = config.signing && { ...config.signing, publicKey: await publicKeyOf(config.signing.file) };
  console.out(
    console.words.hostSetup.hostSetupText({
      host,
      publicKey: await publicKeyOf(host.ssh.identityFile),
      signing,
      program: options.program,
      guardDigest: options.guardDigest,
      knownHosts,
      configFile: resolve(options.config),
    }),
  );
  return EXIT.good;
}

/** One line of a public key file (sshd(8), AUTHORIZED_KEYS FILE FORMAT), without options. */
const PUBLIC_KEY = /^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(?: [^\p{Cc}]*)?$/u;

/** The key that belongs to the private one, where it lies beside it as ssh-keygen puts it; null when it does not. */
async function publicKeyOf(identityFile: string | null): Promise<string | null> {
  if (identityFile === null) return null;
  const text = await readFile(`${identityFile}.pub`, 'utf8').catch(() => '');
  const line = text.split('\n')[0]?.trim() ?? '';
  return PUBLIC_KEY.test(line) ? line : null;
}

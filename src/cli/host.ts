import { resolve } from 'node:path';
import type { Command } from 'commander';
import { programAsCalled } from './terminal/as-called.ts';
import { type CommandLine, type WithConfig, withConfig } from './terminal/command-line.ts';
import { EXIT } from './terminal/exit-status.ts';

/** Adds `host setup` and `host guard`. */
export function addHost(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { DESCRIPTIONS } = console.words.cli;
  const host = program.command('host').description(DESCRIPTIONS.host);
  withConfig(host.command('setup').description(DESCRIPTIONS.hostSetup), console.words)
    .argument('<host>', DESCRIPTIONS.hostArgument)
    .action(async (name: string, options: WithConfig) => exitWith(await setup(name, options, commandLine)));
  host
    .command('guard')
    .description(DESCRIPTIONS.hostGuard)
    .action(async () => exitWith(await printGuard(commandLine)));
}

/** `host setup HOST`: what to install on that host, as commands to read and run there. */
async function setup(name: string, { config: configFile }: WithConfig, commandLine: CommandLine): Promise<number> {
  const { loadConfig } = await import('./terminal/load-config.ts');
  const { hostNamed } = await import('./terminal/host-named.ts');
  const { readPublicKey } = await import('./files/public-key-file.ts');
  const { GUARD_DIGEST } = await import('../host/request/guard-program.ts');
  const { console, process } = commandLine;
  const config = await loadConfig(configFile, console);
  const host = config && hostNamed(name, config, console);
  if (config === null || host === null) return EXIT.usage;
  console.out(
    console.words.hostSetup.hostSetupText({
      host,
      publicKey: host.ssh.identityFile === null ? null : await readPublicKey(`${host.ssh.identityFile}.pub`),
      signing: config.signing && { ...config.signing, publicKey: await readPublicKey(`${config.signing.file}.pub`) },
      program: programAsCalled(process),
      guardDigest: GUARD_DIGEST,
      knownHosts: config.ssh.knownHosts,
      configFile: resolve(configFile),
      isRoot: process.geteuid?.() === 0,
    }),
  );
  return EXIT.good;
}

/** `host guard`: the guard itself, to be installed. */
async function printGuard({ console }: CommandLine): Promise<number> {
  const { GUARD_PROGRAM } = await import('../host/request/guard-program.ts');
  console.out(GUARD_PROGRAM);
  return EXIT.good;
}

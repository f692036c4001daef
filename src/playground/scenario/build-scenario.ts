import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PracticeHost, startPracticeHost } from '../practice-host/start-practice-host.ts';
import type { ServiceIdentity } from '../practice-registry/protocol.ts';
import { type PracticeRegistry, startPracticeRegistry } from '../practice-registry/start-practice-registry.ts';
import { type BotChoices, botConfigText } from './bot-config.ts';
import { makeScratchDirectory, removeScratchDirectory } from './scratch-directory.ts';
import { unusedIdentity } from './service-identity.ts';
import { buildStorageTree, type StorageTree } from './storage-tree.ts';

export type Scenario = {
  readonly scratch: string;
  /** The practice host's name in the bot's config. */
  readonly hostName: string;
  /**
   * The registry's uid and gid. Null without root: the registry runs as our own user, and only one directory blocks it.
   */
  readonly service: ServiceIdentity | null;
  readonly tree: StorageTree;
  readonly host: PracticeHost;
  readonly registry: PracticeRegistry;
  /** Writes the bot's config file and returns its path. */
  readonly writeBotConfig: (choices: BotChoices) => string;
  /** Ends the registry and the host, and removes every file, whatever modes the directories have. */
  readonly remove: () => Promise<void>;
};

/**
 * The practice scenario: a storage path through a symlink, with directories above the symlink's target that block the
 * registry, a registry that really fails because of them, and a host to log in to. With root there are two such
 * directories, otherwise one.
 */
export async function buildScenario(): Promise<Scenario> {
  const scratch = makeScratchDirectory();
  const undo: (() => unknown)[] = [() => removeScratchDirectory(scratch)];
  const remove = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const service = process.getuid?.() === 0 ? unusedIdentity() : null;
    const tree = buildStorageTree(directoryIn(scratch, 'host'), service);
    const registry = await startPracticeRegistry({
      directory: directoryIn(scratch, 'registry'),
      rootDirectory: tree.storageRoot,
      identity: service,
    });
    undo.push(registry.stop);
    const host = await startPracticeHost(directoryIn(scratch, 'login'));
    undo.push(host.stop);
    const hostName = 'git01';
    const names = { host: hostName, databaseFile: join(scratch, 'registry-doctor.db') };
    return {
      ...{ scratch, hostName, service, tree, host, registry, remove },
      writeBotConfig: (choices) => {
        const file = join(scratch, 'registry-doctor.yml');
        writeFileSync(file, botConfigText(choices, names, host, registry));
        return file;
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function directoryIn(parent: string, name: string): string {
  const directory = join(parent, name);
  mkdirSync(directory, { mode: 0o755 });
  return directory;
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ScratchTree } from './scratch-tree.ts';
import { asIdentity, type RunAs, type Shell } from './shells.ts';

/** A log directory that a shell sees as /var/log, in a mount namespace of its own; gone with the shell. */
export class LogTree {
  readonly #logs: string;
  readonly #etc: string;

  constructor(tree: ScratchTree) {
    this.#logs = tree.directory(tree.at('log')).toString();
    this.#etc = tree.directory(tree.at('etc')).toString();
    execFileSync('cp', ['-a', '/etc/passwd', '/etc/group', '/etc/alternatives', this.#etc]);
    this.inZone('UTC');
  }

  /** Writes a log; `name` is below /var/log, and one that ends with `.gz` is packed. */
  write(name: string, content: string | Buffer): void {
    const file = join(this.#logs, name.replace(/\.gz$/, ''));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o640 });
    if (name.endsWith('.gz')) execFileSync('gzip', ['-nf', file]);
  }

  path(name: string): string {
    return join(this.#logs, name);
  }

  /** The zone that the host's clocks and logs are in. */
  inZone(zone: string): void {
    execFileSync('ln', ['-sfn', `/usr/share/zoneinfo/${zone}`, join(this.#etc, 'localtime')]);
  }

  /** The shell as it runs on the host that has these logs; `as`: for another than root. */
  on(shell: Shell, as?: RunAs): Shell {
    const program = 'mount --bind "$1" /var/log && mount --bind "$2" /etc && shift 2 && exec "$@"';
    const command = [
      'unshare',
      '-m',
      'sh',
      '-c',
      program,
      'sh',
      this.#logs,
      this.#etc,
      ...asIdentity(as),
      ...shell.command,
    ];
    return { ...shell, command };
  }
}

import { globSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import SshConfig, { type Line } from 'ssh-config';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';
import { UnusableSshConfig } from './ssh-config-problem.ts';

/** No real config is larger than this. */
const MAX_BYTES = 1024 * 1024;

/** The user's own ssh_config(5) and its included files, read again for each config. */
export class SshConfigFiles {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  get home(): string {
    return this.#home;
  }

  /** `~/.ssh/config`. Without that file nothing is set. */
  own(): readonly Line[] {
    return this.#read(join(this.#home, '.ssh', 'config'));
  }

  /** The files that an Include names: glob(7) patterns, relative to `~/.ssh`, sorted by name. */
  included(patterns: readonly string[]): readonly (readonly Line[])[] {
    return patterns.flatMap((pattern) => this.#matching(pattern).map((file) => this.#read(file)));
  }

  #matching(pattern: string): readonly string[] {
    const path = pattern.startsWith('~/') ? join(this.#home, pattern.slice(2)) : pattern;
    return globSync(isAbsolute(path) ? path : join(this.#home, '.ssh', path)).toSorted();
  }

  #read(file: string): readonly Line[] {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return [];
      throw new UnusableSshConfig({ what: 'unreadable', file, why: systemProblem(error) });
    }
    if (bytes.length > MAX_BYTES) throw new UnusableSshConfig({ what: 'too-large', file, maxBytes: MAX_BYTES });
    return parsed(file, bytes.toString('utf8'));
  }
}

function parsed(file: string, text: string): readonly Line[] {
  try {
    return SshConfig.parse(text);
  } catch (error) {
    throw new UnusableSshConfig({ what: 'unreadable', file, why: systemProblem(error) });
  }
}

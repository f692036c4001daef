import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { HostPath, textFromBytes } from '../../src/model/host/host-path.ts';

/**
 * A directory of a test's own whose ancestors everyone may pass, with names as bytes. To be removed by
 * {@link ScratchTree.remove}, since node:fs loses names that are not UTF-8.
 */
export class ScratchTree {
  readonly root = Buffer.from(mkdtempSync('/var/tmp/registry-doctor-host-'));

  constructor() {
    chmodSync(this.root, 0o755);
  }

  /** The path of `names` below the root. */
  at(...names: readonly (string | Buffer)[]): Buffer {
    const parts = names.flatMap((name) => [Buffer.from('/'), typeof name === 'string' ? Buffer.from(name) : name]);
    return Buffer.concat([this.root, ...parts]);
  }

  /** Makes a directory of exactly this mode. */
  directory(path: Buffer, mode = 0o755): Buffer {
    mkdirSync(path);
    chmodSync(path, mode);
    return path;
  }

  link(path: Buffer, target: string | Buffer): Buffer {
    symlinkSync(target, path);
    return path;
  }

  /** Writes `config.yml`, which everyone may read. */
  config(text: string): Buffer {
    const file = this.at('config.yml');
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    return file;
  }

  remove(): void {
    execFileSync('rm', ['-rf', '--', this.root.toString()]);
  }
}

/** The text form of a path, as facts and plans carry it. */
export function hostPath(path: Buffer): HostPath {
  return HostPath.parse(textFromBytes(path));
}

export function modeOf(path: Buffer): string {
  return (statSync(path).mode & 0o7777).toString(8).padStart(4, '0');
}

/** The whole access ACL of a real directory, as a plan writes it. */
export function aclOf(path: Buffer): string {
  const output = execFileSync('getfacl', ['-a', '-n', '-p', '-c', '-E', '--', path.toString()], { encoding: 'utf8' });
  return output.trim().split('\n').join(',');
}

/** Its default entries as well, as getfacl(1) prints them. */
export function allEntriesOf(path: Buffer): string {
  return execFileSync('getfacl', ['-cnp', '--', path.toString()], { encoding: 'utf8' });
}

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process of its own that works on a store and says on its standard output, a line each, how far it is. */
export class StoreProcess {
  readonly lines: string[] = [];
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  #errors = '';

  /** `before` is bash that runs first in the same process, to limit what it may use. */
  constructor(t: TestContext, script: string, args: readonly string[], before?: string) {
    const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url));
    const command = [process.execPath, path, ...args];
    const [program = '', ...rest] = before ? ['bash', '-c', `${before}; exec "$@"`, 'bash', ...command] : command;
    this.#child = spawn(program, rest, { stdio: 'pipe' });
    t.after(() => this.#child.kill('SIGKILL'));
    const output = createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line));
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += chunk;
    });
    this.#closed = once(output, 'close');
    this.exited = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** Resolves when the process has said so many lines; rejects when it ends before. */
  async said(lines: number): Promise<void> {
    while (this.lines.length < lines) {
      const ended = await Promise.race([
        once(this.#child.stdout, 'data').then(() => false),
        this.#closed.then(() => true),
      ]);
      if (ended && this.lines.length < lines)
        throw new Error(`it ended after ${this.lines.length} lines: ${this.#errors}`);
    }
  }

  go(): void {
    this.#child.stdin.write('go\n');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Everything that it said, once it has ended well; rejects when it did not. */
  async finished(): Promise<readonly string[]> {
    const { code } = await this.exited;
    await this.#closed;
    if (code !== 0) throw new Error(`it ended with status ${code}: ${this.#errors}`);
    return this.lines;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Identity } from '../../../src/model/host/facts.ts';
import { type Answers, askKernel, type Question } from './kernel-answers.ts';

const WORKER = fileURLToPath(new URL('capable-worker.ts', import.meta.url));

/**
 * Asks the kernel as identities of any uid with any of the two capabilities. An identity with the usual capabilities of
 * its uid is tested in this process. For the others there is one process for each set of capabilities. Changing uid
 * drops capabilities, so setpriv(1) starts those with SECBIT_NO_SETUID_FIXUP (capabilities(7)), and removes the others
 * from the bounding set.
 */
export class CapableWorkers {
  readonly #workers = new Map<string, ChildProcess>();

  async ask(questions: readonly Question[]): Promise<readonly Answers[]> {
    const answers = new Map<Question, Answers>();
    for (const question of questions.filter(hasNaturalCapabilities)) {
      answers.set(question, askKernel(question));
    }
    const others = Map.groupBy(
      questions.filter((question) => !hasNaturalCapabilities(question)),
      ({ identity }) => lacking(identity),
    );
    for (const [lacked, asked] of others) {
      const told = await this.#askWorker(lacked, asked);
      for (const [index, question] of asked.entries()) answers.set(question, told[index] ?? missing());
    }
    return questions.map((question) => answers.get(question) ?? missing());
  }

  stop(): void {
    for (const worker of this.#workers.values()) worker.disconnect();
    this.#workers.clear();
  }

  async #askWorker(lacked: string, questions: readonly Question[]): Promise<readonly Answers[]> {
    const worker = this.#workers.get(lacked) ?? start(lacked);
    this.#workers.set(lacked, worker);
    const over = new AbortController();
    const ended = once(worker, 'exit', over).then(() =>
      Promise.reject(new Error(`the worker without ${lacked} ended`)),
    );
    const answered = once(worker, 'message', over);
    worker.send([...questions]);
    const [answers] = await Promise.race([answered, ended]).finally(() => over.abort());
    return answers;
  }
}

function start(lacked: string): ChildProcess {
  const bounds = lacked === '' ? [] : [`--bounding-set=${lacked}`, `--inh-caps=${lacked}`];
  const command = ['--securebits', '+no_setuid_fixup', ...bounds, process.execPath, '--no-warnings', WORKER];
  return spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Node itself can take such an identity: root keeps both, and leaving root drops both. */
function hasNaturalCapabilities({ identity }: Question): boolean {
  const isRoot = identity.uid === 0;
  return identity.dacOverride === isRoot && identity.dacReadSearch === isRoot;
}

function lacking({ dacOverride, dacReadSearch }: Identity): string {
  return [...(dacOverride ? [] : ['-dac_override']), ...(dacReadSearch ? [] : ['-dac_read_search'])].join(',');
}

function missing(): never {
  throw new Error('the kernel was not asked');
}

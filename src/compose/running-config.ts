import type { ServeConfig } from '../config/config.ts';
import { afterReload, configChange } from '../config/config-change.ts';
import type { Checked, SshEnvironment } from '../config/environment.ts';
import type { PartHealth } from '../http/health-report.ts';
import { type ConfigNote, MAX_PROBLEMS_NOTED } from '../model/health.ts';
import { type ConfigChange, isAnyChange } from '../model/settings/config-change.ts';
import type { Settings } from '../model/settings/settings.ts';
import { KeyFileCheckpointSigner } from '../ssh/signing/checkpoint-signer.ts';
import { KeyFilePlanSigner } from '../ssh/signing/plan-signer.ts';
import { wordsFor } from '../words/index.ts';
import type { Clock, Metrics } from '../workflow/ports/bot.ts';
import type { RecordStore } from '../workflow/ports/record.ts';
import type { CheckpointSigner, PlanSigner } from '../workflow/ports/signing.ts';
import { recordConfigChange } from '../workflow/record/record-config-change.ts';

/** For the log and for `health`, which quotes it. */
const LOGGED = wordsFor('en');

/** The result of a reload. `refused`: nothing changed. */
export type Reloaded =
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  | { readonly kind: 'unchanged' | 'applied'; readonly change: ConfigChange };

type Needs = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly ssh: SshEnvironment;
};

/**
 * The config that the bot uses. A newer one replaces it as a whole, once it is on record, so that no one ever gets
 * parts of both.
 */
export class RunningConfig {
  readonly #file: string;
  #config: ServeConfig;
  #signer: PlanSigner | null;
  #refused: Extract<ConfigNote, { code: 'reload-refused' }> | null = null;
  #atRestart: readonly string[] = [];
  readonly #needs: Needs;

  constructor(file: string, config: ServeConfig, needs: Needs) {
    this.#file = file;
    this.#config = config;
    this.#needs = needs;
    this.#signer = this.#signerOf(config);
    needs.metrics.set('configRefused', {}, 0);
  }

  get settings(): Settings {
    return this.#config.settings;
  }

  get signer(): PlanSigner | null {
    return this.#signer;
  }

  /** Null: no checkpoints of the record are signed. */
  get checkpointSigner(): CheckpointSigner | null {
    const { signing } = this.#config;
    return signing === null ? null : new KeyFileCheckpointSigner(signing, this.#needs.ssh);
  }

  /** Records and applies a newer config. Nothing changes if it has problems, or if the record can't be written. */
  async reload(newer: Checked<ServeConfig>): Promise<Reloaded> {
    if (newer.kind === 'problems') {
      return this.#refuse(newer.problems.map((problem) => LOGGED.config.configProblem(this.#file, problem)));
    }
    const change = configChange(this.#config, newer.value);
    const isChange = isAnyChange(change);
    const { store, clock, metrics } = this.#needs;
    try {
      if (isChange) await store.transact((tx) => recordConfigChange(tx, change, clock.now()));
    } catch (error) {
      return this.#refuse([LOGGED.operatorProblem.errorWords(error)]);
    }
    this.#replace(afterReload(this.#config, newer.value), change);
    metrics.count('reload', { result: 'applied' });
    metrics.set('configRefused', {}, 0);
    return { kind: isChange ? 'applied' : 'unchanged', change };
  }

  /** The bot works whatever the file is like; what a person should know of it is a note. */
  health(): PartHealth {
    const note = this.#refused ?? this.#restartNote();
    return note === null ? { state: 'healthy' } : { state: 'healthy', note };
  }

  #replace(config: ServeConfig, { atRestart }: ConfigChange): void {
    this.#config = config;
    this.#signer = this.#signerOf(config);
    this.#refused = null;
    this.#atRestart = atRestart;
  }

  #refuse(problems: readonly string[]): Reloaded {
    const { clock, metrics } = this.#needs;
    const shown = problems.slice(0, MAX_PROBLEMS_NOTED);
    const at = clock.now().toISOString();
    this.#refused = { code: 'reload-refused', at, problems: [...shown], more: problems.length - shown.length };
    metrics.count('reload', { result: 'refused' });
    metrics.set('configRefused', {}, 1);
    return { kind: 'refused', problems };
  }

  #restartNote(): ConfigNote | null {
    return this.#atRestart.length === 0 ? null : { code: 'needs-restart', keys: [...this.#atRestart] };
  }

  #signerOf({ signing }: ServeConfig): PlanSigner | null {
    return signing === null ? null : new KeyFilePlanSigner(signing, this.#needs.ssh);
  }
}

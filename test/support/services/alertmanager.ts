import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import { freePort } from './free-port.ts';

/** Debian's real Prometheus Alertmanager, alone or as one of several that know nothing of each other. */

const START_LIMIT_MS = 120_000;

export type Alertmanager = {
  /** Hands alerts over, as Prometheus does. An `endsAt` in the past resolves. */
  readonly send: (...alerts: readonly PostedAlert[]) => Promise<void>;
  /** Its own address. */
  readonly url: string;
  /** Makes a silence, and returns its id. It begins now and lasts an hour, unless `change` says otherwise. */
  readonly silence: (matchers: readonly SilenceMatcher[], change?: SilenceTimes) => Promise<string>;
  readonly expireSilence: (id: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type SilenceMatcher = { readonly name: string; readonly value: string; readonly isRegex?: boolean };
type SilenceTimes = { readonly startsAt?: string; readonly endsAt?: string };

export type PostedAlert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
};

export type AlertmanagerOptions = {
  /** Where its webhook goes. */
  readonly url: string;
  readonly token: string;
  readonly maxAlerts?: number;
};

/** Starts it. It sends each group, of alerts with the same `alertname`, a second after the first of its alerts. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  const directory = mkdtempSync(join(tmpdir(), 'rd-alertmanager-'));
  writeFileSync(join(directory, 'config.yml'), stringify(configOf(options)));
  const port = await freePort();
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${directory}/config.yml`,
      `--storage.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const stop = async () => {
    await ended(child);
    rmSync(directory, { recursive: true, force: true });
  };
  await ready(port, () => log).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ url, stop },
    send: (...alerts) => send(port, alerts),
    silence: (matchers, change) => silence(url, matchers, change),
    expireSilence: async (id) => {
      const answer = await fetch(`${url}/api/v2/silence/${id}`, { method: 'DELETE' });
      if (!answer.ok) throw new Error(`Alertmanager kept a silence: ${answer.status}`);
    },
  };
}

function configOf({ url, token, maxAlerts = 0 }: AlertmanagerOptions) {
  return {
    route: {
      receiver: 'registry-doctor',
      group_by: ['alertname'],
      group_wait: '1s',
      group_interval: '1s',
      repeat_interval: '2s',
    },
    receivers: [
      {
        name: 'registry-doctor',
        webhook_configs: [
          { url, send_resolved: true, max_alerts: maxAlerts, http_config: { authorization: { credentials: token } } },
        ],
      },
    ],
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function ready(port: number, log: () => string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`Alertmanager does not answer:\n${log()}`);
}

async function send(port: number, alerts: readonly PostedAlert[]): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!answer.ok) throw new Error(`Alertmanager refused alerts: ${answer.status} ${await answer.text()}`);
}

async function silence(url: string, matchers: readonly SilenceMatcher[], change: SilenceTimes = {}): Promise<string> {
  const now = Date.now();
  const times = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + 3_600_000).toISOString(), ...change };
  const answer = await fetch(`${url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: matchers.map((matcher) => ({ isRegex: false, isEqual: true, ...matcher })),
      ...times,
      createdBy: 'test',
      comment: 'test',
    }),
  });
  if (!answer.ok) throw new Error(`Alertmanager refused a silence: ${answer.status} ${await answer.text()}`);
  return z.object({ silenceID: z.string() }).parse(await answer.json()).silenceID;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';

/** Debian's real Prometheus Alertmanager, alone or as one of several that know nothing of each other. */

const START_LIMIT_MS = 30_000;

export type Alertmanager = {
  /** Hands alerts over, as Prometheus does. An `endsAt` in the past resolves. */
  readonly send: (...alerts: readonly PostedAlert[]) => Promise<void>;
  readonly stop: () => Promise<void>;
};

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
  return { send: (...alerts) => send(port, alerts), stop };
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

import type { TestContext } from 'node:test';
import { createLog } from '../../src/log.ts';
import type { SlackStandIn, SlackStandInOptions } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import type { WordsOf } from '../../src/slack/people/reader-words.ts';
import { createSlackApp, type SlackApp } from '../../src/slack/slack-app.ts';
import { UNMEASURED } from '../../src/workflow/unmeasured.ts';
import { english } from '../support/words/english.ts';
import { RecordingRequests } from './recording-requests.ts';

/** Generous: a busy machine is no failure. */
export const LIMIT_MS = 20_000;

export type Bench = {
  readonly slack: SlackStandIn;
  readonly app: SlackApp;
  readonly requests: RecordingRequests;
  /** Where it listens; null over Socket Mode. */
  readonly port: number | null;
  /** Lines of the log, as JSON. */
  readonly logged: string[];
};

/** A stand-in for Slack that ends with the test. */
export async function startSlack(context: TestContext, options?: SlackStandInOptions): Promise<SlackStandIn> {
  const slack = await startSlackStandIn(options);
  context.after(() => slack.close());
  return slack;
}

/** The real way in, connected to the stand-in in one of both modes; all of it ends with the test. */
export async function startBench(
  context: TestContext,
  mode: 'http' | 'socket',
  options?: SlackStandInOptions,
  wordsOf: WordsOf = async () => english,
): Promise<Bench> {
  const slack = await startSlackStandIn(options);
  const requests = new RecordingRequests();
  const logged: string[] = [];
  const app = createSlackApp({
    metrics: UNMEASURED,
    wordsOf,
    slackApiUrl: slack.apiUrl,
    botToken: slack.credentials.botToken,
    requests,
    log: createLog('debug', { destination: { write: (line) => void logged.push(line) } }),
    ...(mode === 'http'
      ? { mode, signingSecret: slack.credentials.signingSecret, port: 0, host: '127.0.0.1' }
      : { mode, appToken: slack.credentials.appToken }),
  });
  context.after(async () => {
    await app.stop();
    await slack.close();
  });
  const { port } = await app.start();
  if (port !== null) slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  return { slack, app, requests, port, logged };
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { networkCut } from '../../support/crash/network-cut.ts';

const WAIT_MS = 10_000;
const COMMAND = { user: 'U0ALICE', channel: 'C0OPS', text: 'diagnose git01' };

/** What the stand-in sends over a socket. */
const Sent = z.object({
  type: z.string(),
  envelope_id: z.string().optional(),
  reason: z.string().optional(),
  num_connections: z.number().optional(),
  accepts_response_payload: z.boolean().optional(),
  payload: z.record(z.string(), z.unknown()).optional(),
});
type Sent = z.infer<typeof Sent>;

let slack: SlackStandIn;

beforeEach(async () => {
  slack = await startSlackStandIn();
});

afterEach(() => slack.close());

async function newUrl(slackApiUrl = slack.apiUrl): Promise<string> {
  const opened = await new WebClient(slack.credentials.appToken, { slackApiUrl }).apps.connections.open();
  assert.ok(opened.url);
  return opened.url;
}

/** A connection that keeps what it was sent. */
class Peer {
  readonly socket: WebSocket;
  readonly received: Sent[] = [];

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => {
      this.received.push(Sent.parse(JSON.parse(data.toString())));
      this.socket.emit('kept');
    });
  }

  async next(type: string): Promise<Sent> {
    for (;;) {
      const found = this.received.find((message) => message.type === type);
      if (found !== undefined) return found;
      await once(this.socket, 'kept', { signal: AbortSignal.timeout(WAIT_MS) });
    }
  }

  acknowledge(envelopeId: string | undefined, payload: unknown = {}): void {
    this.socket.send(JSON.stringify({ envelope_id: envelopeId, payload }));
  }
}

async function connect(): Promise<Peer> {
  const peer = new Peer(await newUrl());
  await peer.next('hello');
  return peer;
}

test('the stand-in Slack greets a Socket Mode connection with hello and the number of connections', async () => {
  await connect();
  const second = await connect();
  assert.equal((await second.next('hello')).num_connections, 2);
});

test('the stand-in Slack accepts a Socket Mode URL for one connection only', async () => {
  const url = await newUrl();
  await new Peer(url).next('hello');
  const [error] = await once(new WebSocket(url), 'error');
  assert.match(String(error), /403/);
});

test('the stand-in Slack sends a command in an envelope and shows the text of its acknowledgement', async () => {
  const peer = await connect();
  const sending = slack.slashCommand(COMMAND);
  const envelope = await peer.next('slash_commands');
  assert.equal(envelope.accepts_response_payload, true);
  assert.equal(envelope.payload?.['text'], 'diagnose git01');
  peer.acknowledge(envelope.envelope_id, { text: 'on it' });
  assert.partialDeepStrictEqual(await sending, { status: 200, body: { text: 'on it' }, failure: null });
  assert.equal(slack.ephemerals('U0ALICE').at(-1)?.text, 'on it');
});

test('the stand-in Slack spreads envelopes evenly over all Socket Mode connections and sends each exactly once', async () => {
  const peers = [await connect(), await connect(), await connect()];
  for (const peer of peers) {
    peer.socket.on('kept', () => peer.acknowledge(peer.received.at(-1)?.envelope_id));
  }
  const results = await Promise.all(Array.from({ length: 30 }, () => slack.slashCommand(COMMAND)));
  assert.ok(results.every(({ failure }) => failure === null));
  const counts = peers.map((peer) => peer.received.filter(({ type }) => type === 'slash_commands').length);
  assert.deepEqual(counts, [10, 10, 10]);
});

test('the stand-in Slack sends an envelope again over another connection if the first breaks before the acknowledgement', async () => {
  const first = await connect();
  const sending = slack.slashCommand(COMMAND);
  const envelope = await first.next('slash_commands');
  first.socket.terminate();
  const second = await connect();
  const again = await second.next('slash_commands');
  assert.equal(again.envelope_id, envelope.envelope_id);
  second.acknowledge(again.envelope_id);
  assert.equal((await sending).failure, null);
});

test('a bot that reaches the stand-in Slack through another port gets URLs through that port, and its acknowledgement names the port', async (t) => {
  const way = await networkCut(Number(new URL(slack.apiUrl).port));
  t.after(() => way.close());
  const host = `127.0.0.1:${way.port}`;
  const url = await newUrl(`http://${host}/api/`);
  assert.equal(new URL(url).host, host);
  const peer = new Peer(url);
  await peer.next('hello');
  const { responseUrl, send } = slack.prepare.slashCommand(COMMAND);
  const sending = send();
  const envelope = await peer.next('slash_commands');
  const theirs = new URL(String(envelope.payload?.['response_url']));
  assert.equal(theirs.host, host);
  peer.acknowledge(envelope.envelope_id);
  assert.equal((await sending).takenAt, `http://${host}`);
  await fetch(theirs, { method: 'POST', body: JSON.stringify({ text: 'on it' }) });
  assert.deepEqual(
    slack.ephemerals('U0ALICE').map((one) => one.responseUrl),
    [responseUrl],
  );
});

test('the stand-in Slack reports a command as failed if the bot has no connection', async () => {
  assert.equal((await slack.slashCommand(COMMAND)).failure, 'dispatch_failed');
});

test('the stand-in Slack refuses an eleventh Socket Mode connection', async () => {
  for (let count = 0; count < 10; count += 1) await connect();
  const eleventh = new Peer(await newUrl());
  assert.equal((await eleventh.next('disconnect')).reason, 'too_many_websockets');
  assert.equal(slack.socketMode.connectionCount(), 10);
});

test('a connection that the stand-in Slack asked to disconnect gets no new envelope, but can acknowledge an earlier one', async () => {
  const peer = await connect();
  const sending = slack.slashCommand(COMMAND);
  const envelope = await peer.next('slash_commands');
  slack.socketMode.askToLeave('refresh_requested');
  assert.equal((await peer.next('disconnect')).reason, 'refresh_requested');
  const other = await connect();
  const next = slack.slashCommand(COMMAND);
  other.acknowledge((await other.next('slash_commands')).envelope_id);
  assert.equal((await next).failure, null);
  assert.equal(peer.received.filter(({ type }) => type === 'slash_commands').length, 1);
  peer.acknowledge(envelope.envelope_id);
  assert.equal((await sending).failure, null);
});

test('an outage of the stand-in Slack cuts the Socket Mode connections', async () => {
  const peer = await connect();
  const closed = once(peer.socket, 'close');
  await slack.outage('http-503');
  await closed;
  await slack.socketMode.waitForConnections(0, WAIT_MS);
});

test('the stand-in Slack refuses to open Socket Mode with a bot token', async () => {
  const client = new WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl });
  await assert.rejects(client.apps.connections.open(), /not_allowed_token_type/);
});

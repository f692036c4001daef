import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostName } from '../../../../src/model/record/ids.ts';
import type { SlackStandIn } from '../../../../src/playground/slack/slack-stand-in.ts';
import type { OpenView } from '../../../../src/playground/slack/stores/view-store.ts';
import { HOST_INPUT } from '../../../../src/slack/requests/diagnose/diagnose-form.ts';
import { SHORTCUTS } from '../../../../src/slack/requests/diagnose/shortcut.ts';
import { until } from '../../../support/bots/main-job.ts';
import { english } from '../../../support/words/english.ts';
import { LIMIT_MS, startBench } from '../../start-slack.ts';

const ALICE = { user: 'U0ALICE', channel: 'C0INCIDENTS' };
const any = () => true;
const hosts = (...names: string[]) => names.map((name) => HostName.parse(name));

async function openForm(slack: SlackStandIn, open: () => Promise<unknown>): Promise<OpenView> {
  await open();
  await slack.waitUntil('a form', () => slack.views('U0ALICE').length > 0, LIMIT_MS);
  return slack.views('U0ALICE')[0] ?? assert.fail();
}

function submit(slack: SlackStandIn, { id }: OpenView, host: string) {
  const values = { [HOST_INPUT.block]: { [HOST_INPUT.action]: host } };
  return slack.prepare.submitView({ user: 'U0ALICE', viewId: id, values });
}

function request(channel: string, triggerId: string, hostText = 'git02') {
  const by = { team: 'T0WORKSHOP', user: 'U0ALICE' };
  return { kind: 'requestDiagnosis', request: { hostText, by, channel, requestKey: `slack:T0WORKSHOP:${triggerId}` } };
}

const shownIn = ({ view }: OpenView) => JSON.stringify(view.blocks);

for (const mode of ['http', 'socket'] as const) {
  describe(`the form that asks for a host, over ${mode}`, () => {
    test('/registry alone opens it, and its button is the same request as the command', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const form = await openForm(slack, () => slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: '' }));
      assert.match(shownIn(form), /"channel_id":"C0OPS"/);
      const sent = submit(slack, form, 'git02');
      assert.equal((await sent.send()).failure, null);
      await app.stop();
      assert.deepEqual(requests.asked, [request('C0OPS', sent.triggerId)]);
      assert.deepEqual([slack.views('U0ALICE'), slack.ephemerals('U0ALICE')], [[], []]);
    });

    test('the global shortcut requests in the incident channel, and the form says so', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const form = await openForm(slack, () => slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global }));
      const sent = submit(slack, form, 'git02');
      await sent.send();
      await app.stop();
      assert.deepEqual(requests.asked, [request('C0INCIDENTS', sent.triggerId)]);
      const [shown] = slack.views('U0ALICE');
      assert.match(JSON.stringify(shown), /Requesting:.*a diagnosis of git02 in.*"channel_id":"C0INCIDENTS"/);
    });

    test('a refusal after the global shortcut is shown in the form', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const form = await openForm(slack, () => slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global }));
      requests.answer = { kind: 'may-not-request' };
      await submit(slack, form, 'git02').send();
      await app.stop();
      assert.match(JSON.stringify(slack.views('U0ALICE')), /You don’t have permission to request a diagnosis here/);
    });

    test('a refusal after /registry is a private answer in the channel', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      const form = await openForm(slack, () => slack.slashCommand({ ...ALICE, text: '' }));
      requests.answer = { kind: 'may-not-request' };
      await submit(slack, form, 'git02').send();
      assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /^You don’t have permission/);
    });

    test('more hosts than a menu can hold are searched, those of the message first', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      requests.hosts = hosts(...Array.from({ length: 1_500 }, (_, index) => `registry-${index}`));
      requests.named = hosts('registry-7', 'registry-1400');
      const { ts } = slack.say({ ...ALICE, text: 'which one is it?' });
      const act = { ...ALICE, ts, callbackId: SHORTCUTS.message };
      const form = await openForm(slack, () => slack.messageShortcut(act));
      const query = { user: 'U0ALICE', viewId: form.id, blockId: HOST_INPUT.block, actionId: HOST_INPUT.action };
      const all = await slack.queryMenu({ ...query, value: '' });
      assert.deepEqual([all.length, all.slice(0, 3)], [100, ['registry-7', 'registry-1400', 'registry-0']]);
      assert.deepEqual(await slack.queryMenu({ ...query, value: 'Y-1499' }), ['registry-1499']);
      assert.deepEqual(await slack.queryMenu({ ...query, value: 'zzz' }), []);
      const sent = submit(slack, form, 'registry-1499');
      await sent.send();
      await app.stop();
      assert.deepEqual(requests.asked, [request('C0INCIDENTS', sent.triggerId, 'registry-1499')]);
    });
  });
}

describe('the shortcut of a message', () => {
  const sayAndUse = async (slack: SlackStandIn, text = 'FIRING: git01 is down') => {
    const { ts } = slack.say({ ...ALICE, text });
    const shortcut = slack.prepare.messageShortcut({ ...ALICE, ts, callbackId: SHORTCUTS.message });
    await shortcut.send();
    return shortcut.triggerId;
  };

  test('a message that names one host is diagnosed at once, and the answer says where', async (context) => {
    const { slack, requests } = await startBench(context, 'socket');
    requests.named = hosts('git02');
    const triggerId = await sayAndUse(slack);
    const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
    assert.match(answer.text, /^I’m diagnosing git01 \(incident 142\)/);
    assert.deepEqual(requests.asked, [request('C0INCIDENTS', triggerId)]);
    assert.match(requests.texts[0] ?? '', /FIRING: git01 is down/);
    assert.deepEqual(slack.views('U0ALICE'), []);
  });

  test('a message that names several hosts opens the form with those first', async (context) => {
    const { slack, requests } = await startBench(context, 'socket');
    requests.named = hosts('git02', 'git03');
    requests.hosts = hosts('git01', 'git02', 'git03');
    const form = await openForm(slack, () => sayAndUse(slack));
    assert.match(shownIn(form), /That message names 2 hosts\./);
    assert.match(shownIn(form), /In the message.*git02.*git03.*All hosts.*git01/);
    assert.deepEqual(requests.asked, []);
  });

  test('a message that names no host opens the form and says so', async (context) => {
    const { slack, requests } = await startBench(context, 'socket');
    const form = await openForm(slack, () => sayAndUse(slack));
    assert.match(shownIn(form), /I found no host of the config in that message\./);
    assert.deepEqual(requests.asked, []);
  });

  test('where the bot is not, the answer is /invite', async (context) => {
    const { slack, requests } = await startBench(context, 'socket');
    requests.named = hosts('git02');
    const { ts } = slack.say({ user: 'U0BOB', channel: 'C0LOUNGE', text: 'git02' });
    await slack.messageShortcut({ user: 'U0ALICE', channel: 'C0LOUNGE', ts, callbackId: SHORTCUTS.message });
    assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /\/invite @registry-doctor/);
    assert.deepEqual(requests.asked, []);
  });

  test('a form that Slack does not open is answered privately', async (context) => {
    const { slack } = await startBench(context, 'socket');
    slack.failNext('views.open', 'expired_trigger_id');
    await sayAndUse(slack);
    const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
    assert.equal(answer.text, 'I couldn’t open the form in time. Nothing was started. Try again.');
  });
});

test('when the form can’t be opened, /registry alone is answered with the help', async (context) => {
  const { slack } = await startBench(context, 'http');
  slack.failNext('views.open', 'expired_trigger_id');
  await slack.slashCommand({ ...ALICE, text: '' });
  assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /^What I can do/);
});

test('a refusal in the form comes after the acknowledgement, which would otherwise take its place', async (context) => {
  const held = Promise.withResolvers<void>();
  let isFirst = false;
  const wordsOf = async () => {
    if (isFirst) {
      isFirst = false;
      await held.promise;
    }
    return english;
  };
  const { slack, app, requests } = await startBench(context, 'socket', {}, wordsOf);
  const form = await openForm(slack, () => slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global }));
  requests.answer = { kind: 'may-not-request' };
  isFirst = true;
  const sending = submit(slack, form, 'git02').send();
  await until(() => requests.asked.length === 1, 'nothing was requested');
  // A refusal that did not wait would be on its way before this answer.
  await fetch(`${slack.apiUrl}api.test`, { method: 'POST' });
  assert.deepEqual(slack.calls('views.update'), []);
  held.resolve();
  await sending;
  await app.stop();
  assert.match(JSON.stringify(slack.views('U0ALICE')), /You don’t have permission to request a diagnosis here/);
});

test('the shortcut of a message in a direct message requests in the incident channel', async (context) => {
  const { slack, requests } = await startBench(context, 'socket');
  const act = { user: 'U0ALICE', channel: 'G0GROUP' };
  requests.named = hosts('git02');
  const { ts } = slack.say({ ...act, text: 'git02 is down' });
  const shortcut = slack.prepare.messageShortcut({ ...act, ts, callbackId: SHORTCUTS.message });
  await shortcut.send();
  const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
  assert.match(answer.text, /^I’m diagnosing git01 \(incident 142\)/);
  assert.deepEqual(requests.asked, [request('C0INCIDENTS', shortcut.triggerId)]);
});

test('the form for a message in a direct message is for the incident channel, and tells itself what becomes of the request', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  const act = { user: 'U0ALICE', channel: 'G0GROUP' };
  const { ts } = slack.say({ ...act, text: 'something is down' });
  const form = await openForm(slack, () => slack.messageShortcut({ ...act, ts, callbackId: SHORTCUTS.message }));
  const sent = submit(slack, form, 'git02');
  await sent.send();
  await app.stop();
  assert.deepEqual(requests.asked, [request('C0INCIDENTS', sent.triggerId)]);
  assert.match(JSON.stringify(slack.views('U0ALICE')), /Requesting:/);
});

test('in direct messages the form requests in the incident channel', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  const form = await openForm(slack, () => slack.slashCommand({ user: 'U0ALICE', channel: 'G0GROUP', text: '' }));
  assert.match(shownIn(form), /"channel_id":"C0INCIDENTS"/);
  const sent = submit(slack, form, 'git02');
  await sent.send();
  await app.stop();
  assert.deepEqual(requests.asked, [request('C0INCIDENTS', sent.triggerId)]);
});

test('someone without any host is told why in place of the form', async (context) => {
  const { slack, requests } = await startBench(context, 'socket');
  requests.hosts = [];
  requests.found = { kind: 'answer', answer: { kind: 'may-not-request' } };
  const form = await openForm(slack, () => slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global }));
  assert.match(shownIn(form), /You don’t have permission to request a diagnosis here/);
  assert.equal(form.view.submit, undefined);
});

test('a form that was changed on its way is refused and starts nothing', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  requests.hosts = hosts(...Array.from({ length: 101 }, (_, index) => `registry-${index}`));
  const form = await openForm(slack, () => slack.slashCommand({ ...ALICE, text: '' }));
  await submit(slack, form, '$(reboot)').send();
  await app.stop();
  assert.deepEqual(requests.asked, []);
});

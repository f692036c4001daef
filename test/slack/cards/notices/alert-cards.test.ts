import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertSourceName } from '../../../../src/model/record/alert.ts';
import { HostName } from '../../../../src/model/record/ids.ts';
import type { AlertLine } from '../../../../src/model/record/messages/thread-message.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { english } from '../../../support/words/english.ts';
import { shownText } from '../../card-text.ts';

const source = AlertSourceName.parse('prometheus');
const line = (change: Partial<AlertLine> = {}): AlertLine => ({
  source,
  summary: 'Registry answers 503',
  link: null,
  status: 'firing',
  at: '2026-11-29T14:02:00.000Z',
  ...change,
});

test('the card of an incident’s alerts shows one line per alert and counts those it leaves out', () => {
  const alerts = [line(), line({ status: 'resolved', summary: 'Pushes fail', link: 'http://p/1' })];
  const card = cardFor({ kind: 'alerts', host: HostName.parse('git01'), alerts, more: 1_234 }, english);
  assert.equal(
    shownText(card),
    'Alerts about git01\n' +
      'Firing at 14:02 UTC, from prometheus: “Registry answers 503”\n' +
      'Resolved at 14:02 UTC, from prometheus: “Pushes fail” http://p/1\n' +
      'and 1,234 more alerts\n',
  );
  assert.equal(card.text, 'Alerts about git01: 1 firing, 1 resolved, 1,234 more alerts.');
});

test('the message about an alert that matches no host shows its labels and what to do', () => {
  const { summary, link } = line();
  const alert = { source, summary, link };
  const labels = { instance: '10.0.0.9:5000', job: 'registry' };
  assert.equal(
    shownText(cardFor({ kind: 'alert-notice', about: 'no-host', alert, labels }, english)),
    'An alert matches no host in the config\n' +
      'From prometheus: “Registry answers 503”\n' +
      'Labels: instance=10.0.0.9:5000, job=registry\n' +
      'Nothing was diagnosed. Add its labels to hosts.NAME.alerts.match in the config file.\n',
  );
});

test('cards about one alert and about several use the singular and the plural correctly', () => {
  const title = (about: 'more-without-host' | 'left-out', count: number) =>
    cardFor({ kind: 'alert-notice', about, source, count }, english).text;
  assert.equal(title('more-without-host', 1), '1 more alert today matches no host in the config');
  assert.equal(title('more-without-host', 2), '2 more alerts today match no host in the config');
  assert.equal(title('left-out', 1), '1 alert of a group was not sent to me');
  assert.equal(title('left-out', 3), '3 alerts of a group were not sent to me');
});

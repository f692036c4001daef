import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { whyNowLead } from '../../../src/words/en/why-now.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { LogTree } from '../../host/log-tree.ts';
import { configuredHost, factsOf, probe } from '../../host/probe-run.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { ScratchTree } from '../../host/scratch-tree.ts';
import { DASH } from '../../host/shells.ts';
import { logsFrom } from '../../host/sift-log.ts';
import { type RegistryHost, startRegistryHost } from '../../support/hosts/registry-host.ts';
import { skipUnless } from '../../support/requirements.ts';

/**
 * The incident again, with a real registry: an image is pushed and pulled, then a directory above the link's target is
 * closed, and the registry answers 503. Times, answers and the registry's log are real; the line of sudo in the log of the
 * host is written as sudo writes it.
 */
describe('the incident, replayed', {
  skip: skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'mount-namespaces'),
}, () => {
  let host: RegistryHost;
  let tree: ScratchTree;
  let facts: Facts;
  let closedAt: number;

  before(async () => {
    host = await startRegistryHost({ closed: [] });
    tree = new ScratchTree();
    await pushAndPull(host.url);
    // Times count in seconds: what happens in one cannot be told apart.
    await sleep(1_100);
    chmodSync(host.bytes('ops'), 0o750);
    closedAt = Math.floor(statSync(host.bytes('ops')).ctimeMs / 1000);
    await host.waitUntilUnwell();
    const seen = factsOf(probe(DASH, hostSettings(host.registrySettings())));
    facts = { ...seen, logs: known(logsFrom(host.logs())), history: historyOf(tree) };
  });
  after(async () => {
    tree?.remove();
    await host?.stop();
  });

  test('the why-now answer to the incident names which mode changed, when and by which command, and what is unknown', () => {
    const { whyNow } = Diagnosis.parse({ ...judgeFacts(facts), durationMs: 1 });
    assert.ok(whyNow);
    const [first] = whyNow.hypotheses;
    assert.partialDeepStrictEqual(first, { id: 'mode-changed', standing: 'supported', strength: 'strong' });
    assert.deepEqual(
      first?.evidence.map(({ id, at, path }) => [id, at, path]),
      [
        ['attributes-changed-after-boot', closedAt, host.path('ops')],
        ['mode-command', closedAt, host.path('ops')],
      ],
    );
    assert.match(
      plainText(whyNowLead(whyNow)),
      /^Likely cause: .*\/data\/vol1\/ops had its mode, owner or ACL changed/,
    );
  });

  test('the why-now timeline of the incident has its events in order: image pushed, directory closed, request refused', () => {
    const kinds = judgeFacts(facts).whyNow?.timeline.map(({ kind }) => kind) ?? [];
    const places = (['last-good-storage-answer', 'mode-command', 'first-bad-answer', 'taken'] as const).map((kind) =>
      kinds.indexOf(kind),
    );
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.ok(
      places.every((place) => place >= 0),
      kinds.join(' '),
    );
  });

  test('the why-now answer to the incident does not rule out a changed mode because an image was served seconds before', () => {
    const standings = new Map(judgeFacts(facts).whyNow?.hypotheses.map(({ id, standing }) => [id, standing]));
    assert.equal(standings.get('broken-all-along'), 'open');
    assert.equal(standings.get('container-kept-mounts'), 'refuted');
  });

  function historyOf(logTree: ScratchTree): Facts['history'] {
    logTree.directory(logTree.at('storage'));
    const logs = new LogTree(logTree);
    const stamp = new Date(closedAt * 1000).toISOString().replace('Z', '+00:00');
    const directory = String(host.path('vol1'));
    logs.write(
      'auth.log',
      `${stamp} git01 sudo:   alice : TTY=pts/0 ; PWD=${directory} ; USER=root ; COMMAND=/usr/bin/chmod 750 ops\n`,
    );
    return factsOf(probe(logs.on(DASH), configuredHost(logTree, `${logTree.root}/storage`))).history;
  }
});

/** One blob, in one piece, and back again. */
async function pushAndPull(url: string): Promise<void> {
  const blob = 'an image';
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  const begun = await fetch(`${url}/v2/replay/blobs/uploads/`, { method: 'POST' });
  const place = new URL(begun.headers.get('location') ?? '', url);
  place.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const put = await fetch(place, { method: 'PUT', body: blob, headers });
  assert.equal(put.status, 201);
  const got = await fetch(`${url}/v2/replay/blobs/${digest}`);
  assert.equal(await got.text(), blob);
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serve } from '../../src/compose/bot.ts';
import { openTrail } from '../../src/store/open-record.ts';
import { RecordServer } from '../store/open-postgres.ts';
import { skipUnless } from '../support/requirements.ts';
import { servingOn } from './serving.ts';

const postgres = new RecordServer();

test('a bot that the others took for dead while Slack kept it waiting joins them again and starts', {
  skip: skipUnless('postgres'),
}, async (t) => {
  const [server, place] = [await postgres.server, await postgres.place()];
  const asked: string[] = [];
  const slack = createServer(async (request, response) => {
    asked.push(String(request.url));
    // As another bot does, when this one has not been heard of for 5 s.
    if (asked.length === 1) await server.query(place.database, 'delete from bots');
    response.end('{"ok":false,"error":"internal_error"}');
  });
  slack.listen(0, '127.0.0.1');
  await once(slack, 'listening');
  t.after(() => slack.close());
  const address = slack.address();
  const port = typeof address === 'object' ? address?.port : assert.fail();
  const directory = await mkdtemp(join(tmpdir(), 'rd-among-others-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const serving = servingOn(place.url, `http://127.0.0.1:${port}/api/`);
  const store = { ...serving.config.store, socket: join(directory, 'health.sock') };
  const bot = await serve({ ...serving, config: { ...serving.config, store } });
  await bot.stop();
  assert.equal(asked[0], '/api/auth.test');
  const { auditTrail, close } = await openTrail(place);
  t.after(close);
  assert.deepEqual(
    (await auditTrail.list({})).map(({ act }) => act),
    ['config-changed'],
  );
});

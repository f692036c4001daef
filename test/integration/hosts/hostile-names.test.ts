import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SOON_MS, type says, startMainJob } from '../../support/bots/main-job.ts';
import type { DirectoryNames } from '../../support/hosts/registry-host.ts';
import { skipUnless } from '../../support/requirements.ts';

/** Every step of the main job with directories whose names are attacks on a shell, on Slack or on a reader. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
/** Where a command smuggled in by a name would leave its file: names hold no slash, so in someone's directory. */
const PWNED = [homedir(), '/', process.cwd()].map((directory) => join(directory, 'rd-pwned'));

const HOSTILE: Record<string, DirectoryNames> = {
  'spaces, quotes and a leading dash': { link: 'git lab "rails"', vol1: "o'clock", ops: '-rf *', disk4t: ' two  "x" ' },
  'shell expansions': {
    link: '$HOME',
    vol1: '$(touch rd-pwned)',
    ops: ';touch rd-pwned;$(touch rd-pwned)&&|',
    disk4t: '`touch rd-pwned`',
  },
  'line breaks, tabs and terminal escapes': { vol1: 'a\nchmod 777 b', ops: 'tab\there\u001b[2J', disk4t: 'ends\n' },
  'Slack mentions, links and bidi controls': {
    vol1: '<!channel>',
    ops: '<@U0BOB> & <https:⁄⁄x|y>',
    disk4t: 'a\u202egpj.exe',
  },
  'bytes that are not UTF-8, and text that looks like an escape': {
    vol1: Uint8Array.from([0x61, 0xff, 0xfe, 0x62]),
    ops: '\\x41\\n',
    disk4t: Uint8Array.from([0x80, 0x0a, 0xc3]),
  },
};

describe('hostile directory names', { skip }, () => {
  for (const [what, names] of Object.entries(HOSTILE)) {
    test(`diagnosis, approval, fix and audit work with hostile directory names: ${what}`, async () => {
      const job = await startMainJob({ registry: { names } });
      try {
        await job.registry.waitUntilUnwell();
        const faulty = await job.files.cli('diagnose', 'git01', '--json');
        assert.equal(faulty.status, 1, faulty.stdout + faulty.stderr);
        const { plan } = JSON.parse(faulty.stdout);
        assert.deepEqual(
          plan.steps.map((step: { path: string }) => step.path),
          job.registry.blockers.map(({ path }) => path),
        );
        const card = await job.askForPlan();
        await job.click('U0BOB', card, 'approve_plan');
        await job.slack.waitForMessage(
          ({ threadTs, text }) => threadTs !== null && /healthy again/i.test(text),
          SOON_MS,
        );
        assert.deepEqual(job.modes(), ['751', '701']);
        assert.deepEqual(PWNED.filter(existsSync), []);
        for (const message of job.slack.thread(card.channel, card.threadTs ?? '')) assertPingsNobody(message);
        assert.equal((await job.files.cli('audit', 'verify')).status, 0);
      } finally {
        await job.end();
      }
    });
  }
});

function assertPingsNobody(message: Parameters<typeof says>[0]): void {
  assert.ok(!message.text.includes('<!channel>'), message.text);
  for (const block of message.blocks) {
    if (block.type === 'section' || block.type === 'context') {
      assert.ok(!JSON.stringify(block).includes('<!channel>'), JSON.stringify(block));
    }
  }
}

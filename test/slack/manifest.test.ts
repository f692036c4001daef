import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { cardFor } from '../../src/slack/cards/card-for.ts';
import { ACTION_IDS } from '../../src/slack/cards/parts/action-ids.ts';
import {
  APP_SCOPES,
  BOT_SCOPES,
  METHODS_WITHOUT_SCOPE,
  OPTIONAL_BOT_SCOPES,
} from '../../src/slack/connection/scopes.ts';
import { REGISTRY_COMMAND } from '../../src/slack/requests/commands/registry-command.ts';
import { SHORTCUTS } from '../../src/slack/requests/diagnose/shortcut.ts';
import { privateAnswer } from '../../src/words/en/answers.ts';
import { plainText } from '../../src/words/phrase.ts';
import { english } from '../support/words/english.ts';
import { buttonsOf } from './card-text.ts';
import { executionMessage, planMessage, staleOutcome, statusMessage, wholeThread } from './scenario-messages.ts';

const ROOT = new URL('../../', import.meta.url);
const TEXT = readFileSync(new URL('manifest.yml', ROOT), 'utf8');

/** What Slack takes (docs.slack.dev/reference/app-manifest), and what this app means to ask for; unknown keys are errors. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.number().optional() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    long_description: z.string().min(174).max(4000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/i),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({
      display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
      always_online: z.boolean(),
    }),
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(false),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(24),
          type: z.enum(['global', 'message']),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().startsWith('/').max(32),
        description: z.string().min(1).max(2000),
        usage_hint: z.string().min(1).max(1000),
        should_escape: z.boolean(),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.literal(true),
    token_rotation_enabled: z.literal(false),
  }),
});

const manifest = Manifest.parse(parse(TEXT));
const sources = globSync('src/slack/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(new URL(file, ROOT), 'utf8'));

test('the Slack manifest declares exactly the scopes that the bot needs', () => {
  assert.deepEqual(manifest.oauth_config.scopes.bot.toSorted(), Object.keys(BOT_SCOPES).toSorted());
});

test('the manifest has each optional scope in a comment', () => {
  const commented = [...TEXT.matchAll(/^ +# - (\S+)$/gm)].map(([, scope]) => scope);
  assert.deepEqual(commented, Object.keys(OPTIONAL_BOT_SCOPES));
});

test('the bot calls exactly the Web API methods that its scopes are for', () => {
  const scopes = [BOT_SCOPES, OPTIONAL_BOT_SCOPES, APP_SCOPES];
  const needed = [...scopes.flatMap((one) => Object.values(one).flat()), ...METHODS_WITHOUT_SCOPE];
  assert.deepEqual([...methodsCalled()].toSorted(), [...new Set<string>(needed)].toSorted());
});

test('the Slack manifest declares exactly the slash command that the bot listens to', () => {
  assert.deepEqual(
    manifest.features.slash_commands.map(({ command }) => command),
    [REGISTRY_COMMAND],
  );
  const listened = sources.flatMap((source) => [...source.matchAll(/\bapp\.command\((\w+)/g)].map(([, name]) => name));
  assert.deepEqual(listened, ['REGISTRY_COMMAND']);
});

test('the manifest declares exactly the shortcuts and the events that the code listens to', () => {
  assert.deepEqual(
    Object.fromEntries(manifest.features.shortcuts.map(({ type, callback_id }) => [type, callback_id])),
    SHORTCUTS,
  );
  const events = sources.flatMap((source) => [...source.matchAll(/\bapp\.event\('(\w+)'/g)].map(([, name]) => name));
  assert.deepEqual(manifest.settings.event_subscriptions.bot_events, events.toSorted());
});

test('every button on a card has a handler, and the bot handles no other action', () => {
  const ended = statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z' });
  const messages = [...wholeThread(), statusMessage(), ended, planMessage(), executionMessage(staleOutcome())];
  const around = { canPostFiles: true, planFile: null };
  const shown = messages.flatMap((message) =>
    buttonsOf(cardFor(message, english, around)).map(({ actionId }) => actionId),
  );
  assert.deepEqual([...new Set(shown)].toSorted(), [...ACTION_IDS].toSorted());
});

test('the usage that the bot prints is the hint in the Slack manifest', () => {
  const usage = privateAnswer({ kind: 'usage', problem: null, hosts: [] }).map(plainText).join('\n');
  for (const form of manifest.features.slash_commands[0]?.usage_hint.split(' | ') ?? []) {
    assert.ok(usage.includes(`${REGISTRY_COMMAND} ${form}`), form);
  }
});

test('the bot’s invitation advice uses its name in the Slack manifest', () => {
  const words = privateAnswer({ kind: 'not-in-channel' }).map(plainText).join('\n');
  assert.ok(words.includes(`/invite @${manifest.features.bot_user.display_name}`));
});

test('the Slack manifest is for HTTP mode once its commented lines are enabled', () => {
  const http = parse(TEXT.replace(/^( +)# (url|request_url|message_menu_options_url): /gm, '$1$2: '));
  assert.match(http.features.slash_commands[0].url, /^https:\/\/.*\/slack\/events$/);
  const { interactivity, event_subscriptions: events } = http.settings;
  for (const url of [interactivity.request_url, interactivity.message_menu_options_url, events.request_url]) {
    assert.match(url, /^https:\/\/.*\/slack\/events$/);
  }
});

/** Every `client.family.method(…)` of Slack's Web API in the code. */
function methodsCalled(): ReadonlySet<string> {
  const calls = [/\bclient\.((?:\w+\.)+\w+)\(/g, /\bclient\.apiCall\('([\w.]+)'/g];
  const inSource = (source: string) => calls.flatMap((call) => [...source.matchAll(call)].map(([, name = '']) => name));
  return new Set(sources.flatMap(inSource));
}

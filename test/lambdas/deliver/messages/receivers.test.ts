import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatOf,
  formatProblem,
  RECEIVERS,
  sentQuery,
} from '../../../../lambdas/deliver/messages/receivers.ts';
import { targetOf } from '../../../../lambdas/deliver/target.ts';

const formatAt = (url: string) => formatOf(new URL(url));

describe('a webhook of a chat tool gets messages in its format:', () => {
  test.each([
    ['https://hooks.slack.com/services/T0/B0/x', 'slack'],
    ['https://hooks.slack.com./services/T0/B0/x', 'slack'],
    ['https://hooks.slack.com:8443/services/T0/B0/x', 'slack'],
    ['https://HOOKS.slack.com/services/T0/B0/x?a=1#b', 'slack'],
    ['https://hooks.slack.com/triggers/E0/1/x', 'slack-trigger'],
    ['https://discord.com/api/webhooks/1/x', 'discord'],
    ['https://discord.com/api/webhooks/1/x?thread_id=2&wait=true', 'discord'],
    ['https://discordapp.com/api/webhooks/1/x', 'discord'],
    ['https://ptb.discord.com/api/webhooks/1/x', 'discord'],
    ['https://canary.discord.com/api/webhooks/1/x/', 'discord'],
    [
      'https://prod-12.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=1',
      'teams',
    ],
    ['https://default1.2.environment.api.powerplatform.com/powerautomate/automations/direct/x', 'teams'],
    ['https://chat.googleapis.com/v1/spaces/AAAA/messages?key=1&token=2', 'google-chat'],
  ])('%s', (url, format) => {
    expect(formatAt(url)).toBe(format);
    expect(targetOf(url)).toMatchObject({ format });
  });
});

describe('every other webhook gets the payload:', () => {
  test.each([
    ['https://hooks.slack.com.evil.example/services/T0/B0/x'],
    ['https://evil-hooks.slack.com/services/T0/B0/x'],
    ['https://sub.hooks.slack.com/services/T0/B0/x'],
    ['https://evil.example/hooks.slack.com/services/T0/B0/x'],
    ['https://evil.example/?https://hooks.slack.com/services/T0/B0/x'],
    ['http://hooks.slack.com/services/T0/B0/x'],
    ['https://hooks.slack.com/'],
    ['https://hooks.slack.com/services/'],
    ['https://hooks.slack.com/workflows/T0/A0/x'],
    ['https://slack.com/services/T0/B0/x'],
    ['https://discord.com/api/webhooks/1/x/slack'],
    ['https://discord.com/api/webhooks/1/x/github/?wait=true'],
    ['https://discord.com/api/oauth2/token'],
    ['https://evil.discord.com/api/webhooks/1/x'],
    ['https://logic.azure.com/workflows/x'],
    ['https://evil-logic.azure.com/workflows/x'],
    ['https://x.logic.azure.com.evil.example/workflows/x'],
    ['https://environment.api.powerplatform.com/x'],
    ['https://chat.googleapis.com/v2/spaces/x'],
    ['https://hooks.zapier.com/hooks/catch/1/x'],
    ['https://example.com/hook'],
  ])('%s', (url) => {
    expect(formatAt(url)).toBe('json');
  });
});

describe('?clickhook_format=', () => {
  test.each([
    ['https://chat.example.com/hooks/x?clickhook_format=slack', 'slack'],
    ['http://chat.example.com/hooks/x?clickhook_format=teams', 'teams'],
    ['https://example.com/?a=1&clickhook_format=google-chat&b=2', 'google-chat'],
    ['https://discord.com/api/webhooks/1/x/slack?clickhook_format=slack', 'slack'],
    ['https://prod-1.logic.azure.com/workflows/x?clickhook_format=json', 'json'],
    ['https://hooks.slack.com/triggers/E0/1/x?clickhook_format=slack', 'slack'],
  ])('overrides the choice: %s gets %s', (url, format) => {
    expect(formatAt(url)).toBe(format);
    expect(formatProblem(new URL(url))).toBeUndefined();
  });

  test.each([
    ['?clickhook_format=slack', ''],
    ['?a=1&clickhook_format=slack', '?a=1'],
    ['?clickhook_format=json&a=%20+b&&c', '?a=%20+b&&c'],
    ['?clickhook%5Fformat=json&a=1', '?a=1'],
    ['?a=%2F&a=/&xclickhook_format=1', '?a=%2F&a=/&xclickhook_format=1'],
    ['', ''],
  ])('is not sent: %s becomes "%s"', (search, sent) => {
    expect(sentQuery(new URL(`https://example.com/${search}`))).toBe(sent);
    expect(targetOf(`https://example.com/${search}`)).toMatchObject({ path: `/${sent}` });
  });

  test.each(['?clickhook_format=', '?clickhook_format=Slack', '?clickhook_format=slack-trigger'])(
    'is rejected when a webhook is saved with another value: %s',
    (search) => {
      expect(formatProblem(new URL(`https://example.com/${search}`))).toContain(
        'slack, discord, teams, google-chat, json',
      );
    },
  );

  test('is rejected when it is in a URL twice', () => {
    const url = 'https://example.com/?clickhook_format=json&clickhook_format=slack';
    expect(formatProblem(new URL(url))).toContain('once');
  });

  test('changes no other URL', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (text) => {
        const url = new URL(text);
        expect(sentQuery(url)).toBe(url.search);
        expect(formatProblem(url)).toBeUndefined();
      }),
    );
  });
});

test('every receiver has a recipe, and the table of webhooks names its hosts', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  for (const { recipe, hosts } of RECEIVERS) {
    expect(existsSync(recipe.split('#')[0] ?? '')).toBe(true);
    for (const host of hosts) expect(page).toContain(host.startsWith('.') ? `*${host}` : host);
  }
});

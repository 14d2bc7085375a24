import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, jest, test } from '@jest/globals';
import type { Link } from '../../../lambdas/links/link.ts';
import { httpEvent } from '../http-event.ts';
import {
  allReads,
  CHROME,
  clicked,
  counted,
  GOOGLEBOT,
  handler,
  link,
  messages,
  prepareEachTest,
  settings,
  table,
} from './services.ts';

prepareEachTest();

describe('a workspace', () => {
  let workspaceId = 100;
  const inWorkspace = (item: object, fields: Partial<Link> = {}) => {
    workspaceId++;
    settings(item, workspaceId);
    link({ workspace_id: workspaceId, ...fields });
  };
  const visit = (headers: Record<string, string> = {}, sourceIp?: string) =>
    handler(httpEvent({ path: '/sale', headers, ...(sourceIp ? { sourceIp } : {}) }));

  test.each([
    [['198.51.100.7'], '198.51.100.7', false],
    [['198.51.100.0/24'], '198.51.100.255', false],
    [['198.51.100.0/24'], '198.51.101.0', true],
    [['2001:db8::/32'], '2001:db8:1::1', false],
    [['2001:db8::1'], '2001:DB8:0:0::1', false],
    [['198.51.100.7'], '::ffff:198.51.100.7', false],
    [['2001:db8::/32'], '198.51.100.7', true],
    [['nonsense'], '198.51.100.7', true],
  ])('that excludes %j records a click from %s: %s', async (excluded_ips, sourceIp, recorded) => {
    inWorkspace({ excluded_ips });
    expect((await visit({}, sourceIp)).statusCode).toBe(302);
    expect(messages()).toHaveLength(recorded ? 1 : 0);
  });

  test('that skips crawlers redirects them and records only people', async () => {
    inWorkspace({ skip_crawlers: true });
    expect((await visit({ 'user-agent': GOOGLEBOT })).statusCode).toBe(302);
    expect(messages()).toEqual([]);
    await visit({ 'user-agent': CHROME });
    expect(messages()).toHaveLength(1);
  });

  test('with strict privacy sends webhooks no country, ISP and referer', async () => {
    inWorkspace({ privacy: 'strict' });
    await visit({ referer: 'https://example.org/', 'user-agent': CHROME });
    expect(clicked().click).toMatchObject({
      country: null,
      is_eu_country: null,
      isp: null,
      referer: null,
      platform: 'desktop',
    });
  });

  test('has its settings read once, and again without waiting when they are over 30 s old', async () => {
    inWorkspace({ skip_crawlers: true });
    const settingsReads = () => allReads().filter(({ Key }) => Key?.sk === 'SETTINGS');
    await visit();
    await visit();
    expect(settingsReads()).toHaveLength(1);
    settings({ skip_crawlers: false }, workspaceId);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    await visit({ 'user-agent': GOOGLEBOT });
    expect([settingsReads().length, messages().length]).toEqual([2, 2]);
    await visit({ 'user-agent': GOOGLEBOT });
    expect([settingsReads().length, messages().length]).toEqual([2, 3]);
  });

  test('with old settings delays no click, even if the read of newer ones never ends', async () => {
    inWorkspace({ skip_crawlers: true });
    await visit();
    table
      .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
      .callsFake(() => new Promise(() => undefined));
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    // The test would hang here if the click waited, because that read never ends.
    await visit({ 'user-agent': GOOGLEBOT });
    await visit({ 'user-agent': CHROME });
    expect(messages()).toHaveLength(2);
    expect(allReads().filter(({ Key }) => Key?.sk === 'SETTINGS')).toHaveLength(2);
  });

  test('whose settings cannot be read uses defaults; that is counted, and not read again at once', async () => {
    inWorkspace({});
    table
      .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
      .rejects(new Error('down'));
    expect((await visit()).statusCode).toBe(302);
    await visit();
    expect(messages()).toHaveLength(2);
    expect(counted('SettingsReadFailed')).toBe(1);
  });

  test('link that skips social crawlers does not record them, but records other bots', async () => {
    inWorkspace({}, { skip_social_crawler_tracking: true });
    await visit({ 'user-agent': 'Twitterbot/1.0' });
    expect(messages()).toEqual([]);
    await visit({ 'user-agent': GOOGLEBOT });
    expect(messages()).toHaveLength(1);
  });
});

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { httpEvent } from '../http-event.ts';
import {
  allReads,
  clicked,
  counted,
  handler,
  link,
  messages,
  prepareEachTest,
  reads,
  table,
} from './services.ts';

prepareEachTest();

describe('a path', () => {
  const keyOf = () => reads()[0]?.Key?.pk;

  test.each(['/sale/', '/sale//', '/sale////', '/sale/?utm_source=x'])(
    '%s opens the link /sale',
    async (address) => {
      const [path = '', query] = address.split('?');
      const answer = await handler(httpEvent({ path, ...(query ? { query } : {}) }));
      expect([answer.statusCode, keyOf()]).toEqual([302, 'SLUG#-#/sale']);
      expect(clicked().link.slug).toBe('/sale');
    },
  );

  test.each([
    ['/summer/sale/', 'SLUG#-#/summer/sale'],
    ['/cafe\u0301/', 'SLUG#-#/café'],
    ['/👩‍💻', 'SLUG#-#/👩‍💻'],
    ['/', 'SLUG#-#/'],
    ['//', 'SLUG#-#/'],
  ])('%s is the slug of %s', async (path, key) => {
    await handler(httpEvent({ path }));
    expect(keyOf()).toBe(key);
  });

  test.each([
    ['of 256 characters', `/${'x'.repeat(255)}`],
    ['as long as a key of the table may be', `/${'x'.repeat(2_041)}`],
    ['that NFC lengthens beyond a key', `/${'\ufb2c'.repeat(680)}`],
    ['with an empty part', '/a//b'],
    ['with a blank', '/a b'],
    ['with a percent sign', '/100%'],
    ['with a control character', '/a\0b'],
    ['with an invisible character', '/a\u200bb'],
    ['with a dot segment', '/a/../b'],
  ])('%s, which cannot be a slug, is a 404 without a read', async (_title, path) => {
    expect((await handler(httpEvent({ path }))).statusCode).toBe(404);
    expect(allReads()).toEqual([]);
  });

  test('of 255 characters is looked up', async () => {
    const path = `/${'ü'.repeat(254)}`;
    expect((await handler(httpEvent({ path }))).statusCode).toBe(302);
    expect(keyOf()).toBe(`SLUG#-#${path}`);
  });

  test.each(['/sale', '/favicon.ico'])(
    'on a host that is longer than a key is a 404 without a read: %s',
    async (path) => {
      const event = httpEvent({ path });
      const domainName = `${'long.'.repeat(410)}example.com`;
      const answer = await handler({ ...event, requestContext: { ...event.requestContext, domainName } });
      expect([answer.statusCode, allReads()]).toEqual([404, []]);
    },
  );
});

describe('a custom domain', () => {
  const onDomain = (path: string, method = 'GET') => {
    const event = httpEvent({ path, method });
    return handler({ ...event, requestContext: { ...event.requestContext, domainName: 'go.example.com' } });
  };
  const icon = (item: object) =>
    table.on(GetCommand, { Key: { pk: 'DOMAIN#go.example.com', sk: 'DOMAIN' } }).resolves({ Item: item });

  test('has its own links, found with one read', async () => {
    link({ domain: 'go.example.com' });
    expect((await onDomain('/sale')).statusCode).toBe(302);
    expect(reads()).toEqual([{ TableName: 'main', Key: { pk: 'SLUG#go.example.com#/sale', sk: 'LINK' } }]);
    expect(clicked().link).toMatchObject({
      domain: 'go.example.com',
      full_url: 'https://go.example.com/sale',
    });
  });

  test('redirects to the icon that its workspace has set', async () => {
    icon({ favicon: 'https://example.com/icon.png' });
    expect(await onDomain('/favicon.ico')).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/icon.png' },
    });
    icon({ favicon: null });
    expect((await onDomain('/favicon.ico')).statusCode).toBe(404);
    expect(messages()).toEqual([]);
  });

  test('whose icon cannot be read is a 503', async () => {
    table.on(GetCommand).rejects(new Error('down'));
    expect((await onDomain('/favicon.ico')).statusCode).toBe(503);
  });
});

test('when DynamoDB is down, the response is a 503 with Retry-After and without the error, and it is counted', async () => {
  table.on(GetCommand).rejects(new Error('secret detail'));
  const answer = await handler(httpEvent({ path: '/sale' }));
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
  expect(answer.body).not.toContain('secret detail');
  expect(counted('LinkReadFailed')).toBe(1);
});

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { httpEvent } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';
import { counted, handler, messages, prepareEachTest, reads, table } from './services.ts';

prepareEachTest();

describe('the address of a link plus +', () => {
  const PUBLIC = { Item: linkItem(sampleLink({ public_analytics: true })) };
  const at = (slug: string) => ({ Key: { pk: `SLUG#-#${slug}`, sk: 'LINK' } });
  const open = (path: string, method = 'GET') => handler(httpEvent({ method, path }));

  test('leads to the public statistics of the link, after a second read and without a click', async () => {
    table.on(GetCommand).resolves({}).on(GetCommand, at('/sale')).resolves(PUBLIC);
    expect(await open('/sale+')).toEqual({
      statusCode: 302,
      headers: {
        location: '/api/v1/public/statistics/page?slug=%2Fsale',
        'cache-control': 'private, no-store',
      },
    });
    expect(reads().map(({ Key }) => Key?.pk)).toEqual(['SLUG#-#/sale+', 'SLUG#-#/sale']);
    expect(messages()).toEqual([]);
  });

  test.each([
    ['does not have the flag', { public_analytics: false }],
    ['is disabled', { public_analytics: true, enabled: false }],
    ['is in the trash', { public_analytics: true, deleted: true }],
  ])('is the 404 of a missing link when the link %s', async (_state, fields) => {
    const Item = linkItem(sampleLink(fields));
    table.on(GetCommand).resolves({}).on(GetCommand, at('/sale')).resolves({ Item });
    expect(await open('/sale+')).toEqual(await open('/missing'));
    expect((await open('/sale+')).statusCode).toBe(404);
  });

  test('opens a link whose slug ends in + as ever, with one read', async () => {
    const Item = linkItem(sampleLink({ slug: '/c++', url: 'https://example.com/cpp' }));
    table.on(GetCommand).resolves(PUBLIC).on(GetCommand, at('/c++')).resolves({ Item });
    expect((await open('/c++')).headers?.location).toBe('https://example.com/cpp');
    expect(reads()).toHaveLength(1);
  });

  test('is a 404 after one read when a link with that slug is disabled', async () => {
    const Item = linkItem(sampleLink({ slug: '/sale+', enabled: false }));
    table.on(GetCommand).resolves(PUBLIC).on(GetCommand, at('/sale+')).resolves({ Item });
    expect((await open('/sale+')).statusCode).toBe(404);
    expect(reads()).toHaveLength(1);
  });

  test('costs a missing link without a + one read, and so does a form or a path that is no slug', async () => {
    table.on(GetCommand).resolves({});
    for (const [path, method] of [
      ['/missing', 'GET'],
      ['/sale+', 'POST'],
      ['/a/+', 'GET'],
    ] as const) {
      table.resetHistory();
      expect((await open(path, method)).statusCode).toBe(404);
      expect(reads()).toHaveLength(1);
    }
  });

  test('is a 503 when the second read fails', async () => {
    table.on(GetCommand).resolves({}).on(GetCommand, at('/sale')).rejects(new Error('broken'));
    expect((await open('/sale+')).statusCode).toBe(503);
    expect(counted('LinkReadFailed')).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { arrivalOf } from '../../../lambdas/redirect/visitor.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { httpEvent } from '../http-event.ts';
import { CHROME, clicked, counted, handler, messages, prepareEachTest } from './services.ts';

prepareEachTest();

const SECRET = 'sixteen-or-more-characters';

beforeEach(() => {
  process.env.CLICKHOOK_EDGE_SECRET = SECRET;
});

afterEach(() => {
  delete process.env.CLICKHOOK_EDGE_SECRET;
});

const FORGED = {
  'x-forwarded-host': 'go.example.com',
  'x-forwarded-for': '203.0.113.77',
  'cloudfront-viewer-address': '203.0.113.77:443',
  'cloudfront-viewer-country': 'FR',
};
const fromEdge = (headers: Record<string, string>) =>
  arrivalOf(httpEvent({ headers: { 'x-clickhook-edge-secret': SECRET, ...headers } }));

describe('headers of a CDN', () => {
  test.each([
    ['without its secret', {}],
    ['with another secret', { 'x-clickhook-edge-secret': 'sixteen-or-more-characterz' }],
    ['with an empty secret', { 'x-clickhook-edge-secret': '' }],
  ])('%s are ignored, and the socket counts', (_title, secret) => {
    expect(arrivalOf(httpEvent({ headers: { ...FORGED, ...secret } }))).toEqual({
      domain: null,
      address: '198.51.100.7',
      country: null,
    });
  });

  test.each([[undefined], ['']])('are ignored if no secret is configured (%j)', (secret) => {
    if (secret === undefined) delete process.env.CLICKHOOK_EDGE_SECRET;
    else process.env.CLICKHOOK_EDGE_SECRET = secret;
    for (const presented of ['', 'undefined', SECRET]) {
      const headers = { ...FORGED, 'x-clickhook-edge-secret': presented };
      expect(arrivalOf(httpEvent({ headers })).address).toBe('198.51.100.7');
    }
  });

  test('with its secret set the domain, address and country', () => {
    expect(fromEdge(FORGED)).toEqual({ domain: 'go.example.com', address: '203.0.113.77', country: 'FR' });
  });

  test.each([
    ['203.0.113.77:46532', '203.0.113.77'],
    ['2001:db8::1:46532', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1:443', '2001:db8:0:0:0:0:0:1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['', ''],
    ['nonsense', ''],
  ])('viewer address %j is %j without its port', (header, address) => {
    expect(fromEdge({ 'cloudfront-viewer-address': header }).address).toBe(address);
  });

  test('without a viewer address leave it unknown, because the socket is the CDN’s own', () => {
    expect(fromEdge({}).address).toBe('');
  });

  test.each(['XX', 'fr', 'FRA', '', '1A', 'F R'])('with the country %j set none', (code) => {
    expect(fromEdge({ 'cloudfront-viewer-country': code }).country).toBeNull();
  });
});

describe('the domain', () => {
  const asked = (domainName: string) => {
    const event = httpEvent();
    return arrivalOf({ ...event, requestContext: { ...event.requestContext, domainName } }).domain;
  };

  test.each([
    'links.example.com',
    'LINKS.example.com.',
    'links.example.com:443',
    'test.execute-api.eu-west-1.amazonaws.com',
    'localhost',
    'localhost:3000',
    '127.0.0.1',
    '192.168.1.20:3000',
    '[::1]:3000',
    '',
  ])('%s is one of the stack’s own hosts', (host) => {
    expect(asked(host)).toBeNull();
  });

  test.each([
    ['go.example.com', 'go.example.com'],
    ['GO.Example.com:8443', 'go.example.com'],
    ['go.localhost:3000', 'go.localhost'],
    ['links.example.com.evil.example', 'links.example.com.evil.example'],
    ['other.execute-api.eu-west-1.amazonaws.com', 'other.execute-api.eu-west-1.amazonaws.com'],
  ])('%s is the custom domain %s', (host, domain) => {
    expect(asked(host)).toBe(domain);
  });
});

describe('behind a trusted CDN', () => {
  const edge = (headers: Record<string, string>) =>
    handler(httpEvent({ path: '/sale', headers: { 'x-clickhook-edge-secret': SECRET, ...headers } }));

  test('its country wins over the data file, its address gives the ISP, and the click contains no address', async () => {
    await edge({ 'cloudfront-viewer-country': 'FR', 'cloudfront-viewer-address': '198.51.100.9:4711' });
    expect(clicked().click).toMatchObject({ country: 'FR', is_eu_country: true, isp: 'Example AG' });
    expect(JSON.stringify(messages())).not.toMatch(/198\.51\.100/);
  });

  test('its own address describes no visitor', async () => {
    await edge({});
    expect(clicked().click).toMatchObject({ country: null, is_eu_country: null, isp: null });
  });
});

test.each([
  ['user agent', 'user-agent', { platform: null, browser_name: null, bot_name: null, country: 'DE' }],
  ['language', 'accept-language', { platform: 'desktop', country: 'DE' }],
])(
  'when describing the %s fails, its fields are null, that is counted, and the visitor is redirected',
  async (_what, name, fields) => {
    const headers: Record<string, string> = { 'user-agent': CHROME };
    Object.defineProperty(headers, name, {
      enumerable: true,
      get: () => {
        throw new TypeError('broken');
      },
    });
    const event = httpEvent({ path: '/sale' });
    Object.defineProperty(event, 'headers', { value: headers });
    expect((await handler(event)).statusCode).toBe(302);
    expect(clicked().click).toMatchObject(fields);
    expect([counted('EnrichmentFailed'), counted('LinkReadFailed')]).toEqual([1, 0]);
    expect(logger.error).toHaveBeenCalledTimes(1);
  },
);

import { describe, expect, test } from '@jest/globals';
import { linkFieldsSchema } from '../../../lambdas/links/fields.ts';
import { fullUrl } from '../../../lambdas/links/link.ts';
import { randomSlug } from '../../../lambdas/links/slug.ts';

const problems = (fields: object) =>
  linkFieldsSchema.safeParse(fields).error?.issues.map(({ path }) => path.join('.'));

test.each([
  [{ slug: 'sale' }, { slug: '/sale' }],
  [{ slug: '/a/b.c/~d_e-f' }, { slug: '/a/b.c/~d_e-f' }],
  [{ slug: '/Caf\u0065\u0301' }, { slug: '/Café' }],
  [{ slug: '/' }, { slug: '/' }],
  [{ slug: ' ' }, { slug: null }],
  [{ url: ' HTTPS://Example.com ' }, { url: 'https://example.com/' }],
  [
    { enabled: 'false', cloaking: 1, block_bots: '0' },
    { enabled: false, cloaking: true, block_bots: false },
  ],
  [{ name: '' }, { name: null }],
  [{ unknown: 1 }, {}],
  [{ expiry_datetime: '2027-01-31' }, { expiry_datetime: '2027-01-31T00:00:00.000Z' }],
  [{ expiry_datetime: '2027-01-31 12:00' }, { expiry_datetime: '2027-01-31T12:00:00.000Z' }],
  [{ expiry_datetime: '2027-01-31T12:00:00+02:00' }, { expiry_datetime: '2027-01-31T10:00:00.000Z' }],
  [
    { expiry_datetime: '', expiry_clicks: '0' },
    { expiry_datetime: null, expiry_clicks: null },
  ],
  [
    { expiry_clicks: '7', expiry_destination: '' },
    { expiry_clicks: 7, expiry_destination: null },
  ],
  [
    { rules: [{ what: 'rotator', rule_url: 'https://a.example/', percentage: '50' }] },
    { rules: [{ what: 'rotator', matches: null, url: 'https://a.example/', percentage: 50 }] },
  ],
  [
    { rules: [{ what: 'country', matches: 'US', url: 'https://a.example/', percentage: '' }] },
    { rules: [{ what: 'country', matches: 'US', url: 'https://a.example/' }] },
  ],
  [{ domain: ' GO.Example.com. ' }, { domain: 'go.example.com' }],
  [{ domain: 'bücher.example' }, { domain: 'xn--bcher-kva.example' }],
  [{ domain: '' }, { domain: null }],
  [
    { ga4_tag_id: 'g-abc123 ', gtm_id: 'gtm-abc1', fb_pixel_id: '123456' },
    { ga4_tag_id: 'G-ABC123', gtm_id: 'GTM-ABC1', fb_pixel_id: '123456' },
  ],
  [
    { ga4_tag_id: '', gtm_id: null, hide_referrer: 'true' },
    { ga4_tag_id: null, gtm_id: null, hide_referrer: true },
  ],
  [{ head_tags: '<script>1</script>' }, { head_tags: '<script>1</script>' }],
])('%j is stored as %j', (fields, stored) => {
  expect(linkFieldsSchema.parse(fields)).toEqual(stored);
});

test.each([
  [{ url: 'javascript:alert(1)' }, ['url']],
  [{ url: 'data:text/html,x' }, ['url']],
  [{ url: 'example.com' }, ['url']],
  [{ url: 7 }, ['url']],
  [{ url: `https://example.com/${'a'.repeat(4_096)}` }, ['url']],
  [{ url: `https://example.com/${'é'.repeat(1_000)}` }, ['url']],
  [{ domain: 'localhost' }, ['domain']],
  [{ domain: 'https://go.example.com' }, ['domain']],
  [{ domain: 'go.example.com/x' }, ['domain']],
  [{ domain: '192.0.2.1' }, ['domain']],
  [{ domain: 'a..example.com' }, ['domain']],
  [{ domain: 7 }, ['domain']],
  [{ ga4_tag_id: 'G-"><script>' }, ['ga4_tag_id']],
  [{ gtm_id: 'G-ABC123' }, ['gtm_id']],
  [{ fb_pixel_id: '12a45' }, ['fb_pixel_id']],
  [{ head_tags: 'x'.repeat(20_001) }, ['head_tags']],
  [{ password: 'x'.repeat(256) }, ['password']],
  [{ slug: '/a b' }, ['slug']],
  [{ slug: '/a//b' }, ['slug']],
  [{ slug: '/a?b' }, ['slug']],
  [{ slug: '/..' }, ['slug']],
  [{ slug: '/a%20b' }, ['slug']],
  [{ slug: '/a\u0000' }, ['slug']],
  [{ slug: '/api/x' }, ['slug']],
  [{ slug: '/.well-known/x' }, ['slug']],
  [{ slug: `/${'a'.repeat(255)}` }, ['slug']],
  [{ expiry_datetime: 'tomorrow' }, ['expiry_datetime']],
  [{ expiry_datetime: '2027-13-31' }, ['expiry_datetime']],
  [{ expiry_clicks: -1 }, ['expiry_clicks']],
  [{ expiry_clicks: 'many' }, ['expiry_clicks']],
  [{ expiry_destination: 'javascript:alert(1)' }, ['expiry_destination']],
  [{ name: 7 }, ['name']],
  [{ rules: {} }, ['rules']],
  [{ rules: [{ what: 'moon', url: 'https://a.example/' }] }, ['rules.0.what']],
  [{ rules: [{ what: 'country' }] }, ['rules.0.url']],
  [{ rules: [{ what: 'rotator', url: 'https://a.example/' }] }, ['rules.0.percentage']],
  [{ rules: [{ what: 'rotator', url: 'https://a.example/', percentage: 101 }] }, ['rules.0.percentage']],
  [{ rules: Array(101).fill({ what: 'country', url: 'https://a.example/' }) }, ['rules']],
])('%j is rejected at the field', (fields, at) => {
  expect(problems(fields)).toEqual(at);
});

test('a random slug has 7 characters without look-alikes', () => {
  const slugs = Array.from({ length: 2_000 }, randomSlug);
  for (const slug of slugs) expect(slug).toMatch(/^\/[a-hj-kmnp-z2-9]{7}$/);
  expect(new Set(slugs).size).toBe(slugs.length);
});

test('a full URL is on the default host or on the link’s own domain, percent-encoded', () => {
  expect(fullUrl({ domain: null, slug: '/café' }, 'https://links.example.com')).toBe(
    'https://links.example.com/caf%C3%A9',
  );
  expect(fullUrl({ domain: 'go.example.com', slug: '/a' }, 'https://links.example.com')).toBe(
    'https://go.example.com/a',
  );
});

describe('rotators', () => {
  const shares = (...percentages: number[]) =>
    linkFieldsSchema.safeParse({
      rules: percentages.map((percentage) => ({ what: 'rotator', url: 'https://a.example/', percentage })),
    });

  test.each([
    [[34, 34, 33]],
    [[50, 51]],
    [[99, 100]],
    [[100]],
    [[100, 0]],
    [[17, 17, 17, 17, 17, 17]],
    [[33, 33, 33]],
    [[0, 0]],
  ])('may have rounded shares, and the last one gets what is left: %j', (percentages) =>
    expect(shares(...percentages).success).toBe(true),
  );

  test.each([
    [[100, 1], 1, 100],
    [[50, 50, 1], 2, 100],
    [[34, 34, 33, 1], 3, 101],
    [[100, 0, 5], 2, 100],
  ])('that can never be reached are named: %j', (percentages, index, taken) => {
    expect(shares(...percentages).error?.issues).toEqual([
      expect.objectContaining({
        path: ['rules', index, 'percentage'],
        message: `can never be reached, because the rotators before this one take ${taken} percent of all clicks`,
      }),
    ]);
  });
});

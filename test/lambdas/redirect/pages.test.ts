import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import type { Link } from '../../../lambdas/links/link.ts';
import { html, type Page, sourceOf } from '../../../lambdas/redirect/html.ts';
import {
  cloakPage,
  expiredPage,
  methodNotAllowedPage,
  notFoundPage,
  passwordPage,
  previewPage,
  tagsPage,
  unavailablePage,
} from '../../../lambdas/redirect/pages.ts';
import { tagsOf } from '../../../lambdas/redirect/tags.ts';
import { runs } from '../../full-runs.ts';
import { sampleLink } from '../sample-link.ts';

const SHORT = 'https://links.example.com/sale';
const DESTINATION = 'https://example.com/landing-page?a=1&b=%22%3E#top';
const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(1)'>\u0000\u202e]]>`;

function pagesOf(fields: Partial<Link>): Record<string, Page> {
  const link = sampleLink(fields);
  const tags = tagsOf(link);
  return {
    cloak: cloakPage(link, SHORT, DESTINATION, tags),
    preview: previewPage(link, SHORT, DESTINATION),
    ...(tags ? { tags: tagsPage(link, SHORT, DESTINATION, tags) } : {}),
  };
}

const PIXELS = { fb_pixel_id: '123456789012345', ga4_tag_id: 'G-ABC1234567' };
const PREVIEW = { og_title: HOSTILE, og_description: HOSTILE, og_image: `https://example.com/${HOSTILE}` };
const FOREIGN = {
  gtm_id: 'GTM-ABC1234',
  head_tags: '<script>console.log("head")</script>',
  body_tags: '<p>body</p>',
};

const PAGES: [string, Page][] = [
  ['not found', notFoundPage()],
  ['expired', expiredPage()],
  ['unavailable', unavailablePage()],
  ['method not allowed', methodNotAllowedPage()],
  ['password', passwordPage(200, null)],
  ['password again', passwordPage(403, 'That was not the password.')],
  ...Object.entries(pagesOf(PREVIEW)),
  ...Object.entries(pagesOf({ ...PREVIEW, ...PIXELS, hide_referrer: true })),
  ...Object.entries(pagesOf({ ...PIXELS, ...FOREIGN, domain: 'go.example.com' })),
];

const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
});

describe('every page', () => {
  test.each(PAGES)('is valid HTML: %s', async (_name, { body = '' }) => {
    const report = await validator.validateString(body);
    expect(
      report.results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => [ruleId, message])),
    ).toEqual([]);
  });

  test.each(PAGES)(
    'is kept by no cache, sniffed by no browser and listed by no search engine: %s',
    (_name, page) => {
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      });
      expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(page.body).toContain('<meta name="robots" content="noindex">');
      expect(page.body).toContain('<meta name="viewport"');
    },
  );

  test.each(PAGES)('runs no code from a text: %s', (_name, { body = '' }) => {
    expect(body).not.toContain('alert(1)</script>');
    expect(body).not.toContain('<img src=x');
    expect(body).not.toContain('\u0000');
  });
});

describe('the policy', () => {
  test('of a page without tags allows its own style and nothing else', () => {
    const { headers, body = '' } = notFoundPage();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-[\w+/=]+'$/,
    );
    expect(body.match(/<script|<link|<img|\son\w+=/)).toBeNull();
  });

  test('of a cloak allows the frame, and the one script that gives it the fragment', () => {
    const { headers = {}, body = '' } = pagesOf({}).cloak ?? {};
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain('frame-src http: https:');
    const [, script = ''] = /<script>([^<]*)<\/script>/.exec(body) ?? [];
    expect(policy).toContain(`script-src ${sourceOf(script)};`);
    expect(policy).not.toContain('unsafe');
    expect(body.match(/<script/g)).toHaveLength(1);
  });

  test.each([[{}], [PIXELS], [FOREIGN], [{ hide_referrer: true }]])(
    'of a cloak loads the destination once, with a script or without: %j',
    (fields) => {
      const { body = '' } = pagesOf(fields).cloak ?? {};
      const scripted = body.replace(/<noscript>.*?<\/noscript>/gs, '');
      // The frame has no address until the script sets one, so that nothing is loaded twice.
      expect(scripted.match(/<iframe/g)).toHaveLength(1);
      expect(scripted).not.toMatch(/<iframe[^>]* src=/);
      expect(scripted.match(/data-destination="/g)).toHaveLength(1);
      expect(scripted.match(/frame\.src = /g)).toHaveLength(1);
      const frames = /<noscript>(<iframe .*)<\/noscript>/s.exec(body)?.[1] ?? '';
      expect(frames.match(/<iframe src="https:\/\/example\.com\/landing-page/g)).toHaveLength(1);
    },
  );

  test('of a cloak with pixels also allows their scripts', () => {
    const { headers = {}, body = '' } = pagesOf(PIXELS).cloak ?? {};
    for (const [, script = ''] of body.matchAll(/<script(?! async)[^>]*>([^<]*)<\/script>/g))
      expect(headers['content-security-policy']).toContain(sourceOf(script));
  });

  test('of pixels alone names their hosts, and our scripts by hash', () => {
    const page = pagesOf(PIXELS).tags;
    const policy = page?.headers['content-security-policy'] ?? '';
    expect(policy).toMatch(
      /script-src 'sha256-[\w+/=]+' 'sha256-[\w+/=]+' https:\/\/www\.googletagmanager\.com/,
    );
    expect(policy).not.toContain('unsafe');
    expect(page?.body).toContain('https://www.facebook.com/tr?id=123456789012345&amp;ev=PageView');
    expect(page?.body).toContain('https://www.googletagmanager.com/gtag/js?id=G-ABC1234567');
  });

  test.each([[{ head_tags: '<b>' }], [{ body_tags: '<b>' }], [{ gtm_id: 'GTM-ABC1234' }]])(
    'isolates foreign tags (%j) on a host that all workspaces share',
    (fields) => {
      const shared = pagesOf(fields).tags?.headers['content-security-policy'] ?? '';
      expect(shared).toMatch(/^sandbox allow-scripts /);
      expect(shared).not.toContain('allow-same-origin');
      const own = pagesOf({ ...fields, domain: 'go.example.com' }).tags?.headers['content-security-policy'];
      expect(own).toBe("frame-ancestors 'none'");
    },
  );
});

describe('a page with tags', () => {
  test('continues to the destination before any of the owner’s tags, so that no broken tag stops the visitor', () => {
    const { body = '' } = pagesOf({ head_tags: '<!-- <script>' }).tags ?? {};
    expect(body.indexOf('location.replace(')).toBeGreaterThan(0);
    expect(body.indexOf('location.replace(')).toBeLessThan(body.indexOf('<!-- <script>'));
    expect(body).toContain(
      '<noscript><meta http-equiv="refresh" content="0; url=https://example.com/landing-page?a=1&amp;b=%22%3E#top"></noscript>',
    );
  });

  test('contains the owner’s HTML unchanged', () => {
    const { body } = pagesOf(FOREIGN).tags ?? {};
    expect(body).toContain(FOREIGN.head_tags);
    expect(body).toContain(FOREIGN.body_tags);
  });
});

describe('a hidden referrer', () => {
  test.each(['cloak', 'tags', 'preview'])('is hidden by the page: %s', (name) => {
    const page = pagesOf({ ...PIXELS, hide_referrer: true })[name];
    expect(page?.headers['referrer-policy']).toBe('no-referrer');
    expect(pagesOf(PIXELS)[name]?.headers).not.toHaveProperty('referrer-policy');
  });

  test('is also hidden by the frame of a cloak', () => {
    expect(pagesOf({ hide_referrer: true }).cloak?.body).toContain(' referrerpolicy="no-referrer"></iframe>');
  });
});

describe('a preview', () => {
  test('has the owner’s tags, a card and the link to the destination', () => {
    const { body } = previewPage(
      sampleLink({ og_title: 'Offer', og_description: 'Now', og_image: 'https://example.com/i.png' }),
      SHORT,
      DESTINATION,
    );
    for (const tag of [
      '<meta property="og:title" content="Offer">',
      '<meta property="og:description" content="Now">',
      '<meta property="og:image" content="https://example.com/i.png">',
      '<meta property="og:url" content="https://links.example.com/sale">',
      '<meta name="twitter:card" content="summary_large_image">',
      '<meta http-equiv="refresh" content="0; url=https://example.com/landing-page?a=1&amp;b=%22%3E#top">',
    ])
      expect(body).toContain(tag);
  });

  test('without a title shows the short link, never the owner’s name for it', () => {
    const { body } = previewPage(sampleLink({ name: 'Bad payers', og_description: 'x' }), SHORT, DESTINATION);
    expect(body).toContain(`<title>${SHORT}</title>`);
    expect(body).not.toContain('Bad payers');
  });
});

test.each([
  '<script>//<![CDATA[\nif (1 < 2 && 3 > 2) start("$&");\n//]]></script>',
  '<script>/*<![CDATA[*/ start(); /*]]>*/</script>',
  '<style>/*<![CDATA[*/ b { color: red } /*]]>*/</style>',
  '<![CDATA[ nothing to see ]]>',
])('leaves an owner’s CDATA unchanged: %s', (text) => {
  for (const { body = '' } of Object.values(
    pagesOf({ head_tags: text, body_tags: text, domain: 'go.example.com' }),
  ))
    if (!body.includes('og:type')) expect(body.split(text)).toHaveLength(3);
});

test('any text stays text in HTML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { html: written } = html`<p title="${text}">${text}</p>`;
      expect(written.replace(/^<p title="|<\/p>$/g, '').replace('">', '')).not.toMatch(
        /[<>"']|&(?!(amp|lt|gt|quot|#39);)/,
      );
      expect(written.isWellFormed()).toBe(true);
    }),
    { numRuns: runs(1_000, 200) },
  );
});

test('tags are those of the link, or none', () => {
  expect(tagsOf(sampleLink())).toBeNull();
  const tags = tagsOf(sampleLink({ fb_pixel_id: '12345' }));
  expect(tags?.head.html).toBe('');
  expect(tags?.body.html).toContain('id=12345');
});

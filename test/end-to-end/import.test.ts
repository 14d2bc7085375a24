import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { csvOf, linksOf, startImportTarget } from './import-target.ts';
import { type LocalStack, startLocal } from './local-stack.ts';

let source: LocalStack;
let target: Awaited<ReturnType<typeof startImportTarget>>;

beforeAll(async () => {
  [source, target] = await Promise.all([startLocal(), startImportTarget()]);
});

afterEach(() => target.proxy.reset());

afterAll(async () => {
  await Promise.all([source?.stop(), target?.close()]);
});

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `/${prefix}${index + 1}`);

const NEW_IN_EACH_STACK = ['id', 'workspace_id', 'inserted_at', 'updated_at', 'full_url'];

/** Links by address, without the fields that each stack sets itself. */
function byPlace(links: Record<string, unknown>[]) {
  return Object.fromEntries(
    links.map((link) => [
      `${link.domain ?? ''}${link.slug}`,
      Object.fromEntries(Object.entries(link).filter(([name]) => !NEW_IN_EACH_STACK.includes(name))),
    ]),
  );
}

const LINKS = [
  { slug: '/plain' },
  { slug: '/sale', domain: 'go.localhost', name: 'Sale, "now"', note: 'two\r\nlines\n' },
  { slug: '/sale', name: '=SUM(A1)', note: "'tis", enabled: false, expiry_clicks: 5 },
  {
    slug: '/ünï/½',
    utm_source: '@me',
    utm_term: ' x ',
    expiry_datetime: '2030-01-31T12:00',
    forward_params: true,
  },
  {
    slug: '/rules',
    rules: [
      { what: 'country', matches: 'DE, AT', url: 'https://example.com/"de",x' },
      { what: 'rotator', url: 'https://example.com/half', percentage: 50 },
    ],
    expiry_destination: 'https://example.com/over',
  },
  {
    slug: '/page',
    ...{ cloaking: true, hide_referrer: true, block_bots: true, public_analytics: true },
    ...{ skip_social_crawler_tracking: true, og_title: '+1', og_image: 'https://example.com/i.png' },
    ...{ head_tags: '<script>\n"x", \'y\'\n</script>', body_tags: '<b>', gtm_id: 'GTM-ABC1234' },
    ...{ ga4_tag_id: 'G-ABC1234567', fb_pixel_id: '123456789' },
  },
];

describe('the export of one stack', () => {
  test('imported into another stack gives the same links field by field, and a second run writes nothing', async () => {
    for (const stack of [source, target.stack]) {
      await stack.call('POST', '/workspace/1/domains', { name: 'go.localhost' });
    }
    // Each stack's sample objects point to its own port.
    for (const { id } of (await linksOf(source)) as { id: number }[]) {
      await source.call('DELETE', `/workspace/1/links/${id}`);
    }
    const links = LINKS.map((link) => ({ url: 'https://example.com/a?b=c#d', ...link }));
    expect((await source.call('POST', '/workspace/1/links', links)).status).toBe(200);
    const answer = await fetch(`${source.url}/api/v1/workspace/1/links/export?format=csv&api_key=ck_local`);
    const path = await target.write('export.csv', await answer.text());

    const before = byPlace(await linksOf(target.stack));
    const first = await target.run([path]);
    expect(first).toEqual({
      code: 0,
      stdout: '6 imported, 0 updated, 0 already there, 0 refused.\n',
      stderr: '',
    });
    const imported = await linksOf(target.stack);
    expect(byPlace(imported)).toEqual({ ...before, ...byPlace(await linksOf(source)) });

    target.proxy.reset();
    const second = await target.run([path, '--update']);
    expect(second).toMatchObject({
      code: 0,
      stdout: '0 imported, 0 updated, 6 already there, 0 refused.\n',
    });
    expect(target.proxy.posts()).toBe(0);
    expect(await linksOf(target.stack)).toEqual(imported);
  });
});

describe('an interrupted import', () => {
  const rest = async (prefix: string, path: string, slugs: string[]) => {
    const there = await linksOf(target.stack, `/${prefix}`);
    target.proxy.reset();
    const { code, stdout } = await target.run([path]);
    const missing = slugs.length - there.length;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${missing} imported, 0 updated, ${there.length} already there, 0 refused.\n`,
    });
    const links = await linksOf(target.stack, `/${prefix}`);
    expect(links.map(({ slug }) => slug).sort()).toEqual([...slugs].sort());
    for (const link of there) expect(links).toContainEqual(link);
    return there.length;
  };

  test('by kill -9 with a pending response continues in the next run', async () => {
    const slugs = numbered('killed', 130);
    const path = await target.write('killed.csv', csvOf(slugs));
    target.proxy.onPost((post) => (post < 3 ? 'passed' : 'held'));
    const { child, ended } = target.start([path, '--concurrency', '1']);
    await target.proxy.untilHeld();
    child.kill('SIGKILL');
    await ended;
    expect(await rest('killed', path, slugs)).toBe(75);
  });

  test('by Ctrl-C finishes pending calls, says so, and continues in the next run', async () => {
    const slugs = numbered('stopped', 130);
    const path = await target.write('stopped.csv', csvOf(slugs));
    target.proxy.onPost((post) => (post < 2 ? 'passed' : 'held'));
    const { child, ended } = target.start([path, '--concurrency', '1']);
    await target.proxy.untilHeld();
    child.kill('SIGINT');
    // npm forwards the signal of the terminal a second time.
    child.kill('SIGINT');
    target.proxy.onPost(() => 'passed');
    target.proxy.release();
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    const sentence =
      /^The import was interrupted\. So far: (\d+) imported, 0 updated, 0 already there, 0 refused\. To resume, run the same command again\.\n$/;
    expect(stderr).toMatch(sentence);
    expect(await rest('stopped', path, slugs)).toBe(Number(sentence.exec(stderr)?.[1]));
  });

  test('by lost connections creates each link once, without help', async () => {
    const slugs = numbered('lost', 60);
    target.proxy.onPost((post) => (post === 2 ? 'lost' : 'passed'));
    const { code, stdout } = await target.run([await target.write('lost.csv', csvOf(slugs))]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '60 imported, 0 updated, 0 already there, 0 refused.\n',
    });
    expect(target.proxy.posts()).toBe(3);
    expect((await linksOf(target.stack, '/lost')).map(({ slug }) => slug).sort()).toEqual([...slugs].sort());
  });
});

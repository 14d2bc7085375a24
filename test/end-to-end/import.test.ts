import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiProxy, startApiProxy } from './api-proxy.ts';
import { dataFolder, type LocalStack, startLocal } from './local-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let source: LocalStack;
let target: LocalStack;
let proxy: ApiProxy;
let folder: Awaited<ReturnType<typeof dataFolder>>;

beforeAll(async () => {
  folder = await dataFolder();
  [source, target] = await Promise.all([startLocal(), startLocal()]);
  proxy = await startApiProxy(target.url);
}, 240_000);

afterEach(() => proxy.reset());

afterAll(async () => {
  await proxy?.close();
  await Promise.all([source?.stop(), target?.stop()]);
  await folder?.remove();
}, 90_000);

/** Starts the import as its npm script does, against the target behind the proxy. */
function startImport(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['bin/import.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', CLICKHOOK_URL: proxy.url, CLICKHOOK_API_KEY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { child, ended };
}

const runImport = (args: string[], env?: Record<string, string>) => startImport(args, env).ended;

async function file(name: string, content: string): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `/${prefix}${index + 1}`);
const csvOf = (slugs: string[]) =>
  ['url,slug', ...slugs.map((slug) => `https://example.com${slug},${slug}`)].join('\n');

async function linksOf(stack: LocalStack, search = ''): Promise<Record<string, unknown>[]> {
  return (await stack.call('GET', `/workspace/1/links/export?search=${encodeURIComponent(search)}`)).body;
}

const NEW_IN_EACH_STACK = ['id', 'workspace_id', 'inserted_at', 'updated_at', 'full_url'];

/** A link without what each stack gives of its own, by its place. */
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
  test('imported into another gives the same links field for field; the second run writes nothing', async () => {
    for (const stack of [source, target]) {
      await stack.call('POST', '/workspace/1/domains', { name: 'go.localhost' });
    }
    // What each stack has of its own leads to its own port.
    for (const { id } of (await linksOf(source)) as { id: number }[]) {
      await source.call('DELETE', `/workspace/1/links/${id}`);
    }
    const links = LINKS.map((link) => ({ url: 'https://example.com/a?b=c#d', ...link }));
    expect((await source.call('POST', '/workspace/1/links', links)).status).toBe(200);
    const answer = await fetch(`${source.url}/api/v1/workspace/1/links/export?format=csv&api_key=ck_local`);
    const path = await file('export.csv', await answer.text());

    const before = byPlace(await linksOf(target));
    const first = await runImport([path]);
    expect(first).toEqual({
      code: 0,
      stdout: '6 imported, 0 updated, 0 already there, 0 refused.\n',
      stderr: '',
    });
    const imported = await linksOf(target);
    expect(byPlace(imported)).toEqual({ ...before, ...byPlace(await linksOf(source)) });

    proxy.reset();
    const second = await runImport([path, '--update']);
    expect(second).toMatchObject({
      code: 0,
      stdout: '0 imported, 0 updated, 6 already there, 0 refused.\n',
    });
    expect(proxy.posts()).toBe(0);
    expect(await linksOf(target)).toEqual(imported);
  }, 60_000);
});

describe('an import that is broken off', () => {
  const rest = async (prefix: string, path: string, slugs: string[]) => {
    const there = await linksOf(target, `/${prefix}`);
    proxy.reset();
    const { code, stdout } = await runImport([path]);
    const missing = slugs.length - there.length;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${missing} imported, 0 updated, ${there.length} already there, 0 refused.\n`,
    });
    const links = await linksOf(target, `/${prefix}`);
    expect(links.map(({ slug }) => slug).sort()).toEqual([...slugs].sort());
    for (const link of there) expect(links).toContainEqual(link);
    return there.length;
  };

  test('by kill -9, with an answer on its way, goes on in the next run', async () => {
    const slugs = numbered('killed', 130);
    const path = await file('killed.csv', csvOf(slugs));
    proxy.onPost((post) => (post < 3 ? 'passed' : 'held'));
    const { child, ended } = startImport([path, '--concurrency', '1']);
    await proxy.untilHeld();
    child.kill('SIGKILL');
    await ended;
    expect(await rest('killed', path, slugs)).toBe(75);
  }, 60_000);

  test('by Ctrl-C ends what it has begun, says so, and goes on in the next run', async () => {
    const slugs = numbered('stopped', 130);
    const path = await file('stopped.csv', csvOf(slugs));
    proxy.onPost((post) => (post < 2 ? 'passed' : 'held'));
    const { child, ended } = startImport([path, '--concurrency', '1']);
    await proxy.untilHeld();
    child.kill('SIGINT');
    // npm passes the signal of the terminal on a second time.
    child.kill('SIGINT');
    proxy.onPost(() => 'passed');
    proxy.release();
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    const sentence =
      /^The import was interrupted\. So far: (\d+) imported, 0 updated, 0 already there, 0 refused\. Run the same command again: it goes on where this stopped\.\n$/;
    expect(stderr).toMatch(sentence);
    expect(await rest('stopped', path, slugs)).toBe(Number(sentence.exec(stderr)?.[1]));
  }, 60_000);

  test('by lost connections makes each link once, by itself', async () => {
    const slugs = numbered('lost', 60);
    proxy.onPost((post) => (post === 2 ? 'lost' : 'passed'));
    const { code, stdout } = await runImport([await file('lost.csv', csvOf(slugs))]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '60 imported, 0 updated, 0 already there, 0 refused.\n',
    });
    expect(proxy.posts()).toBe(3);
    expect((await linksOf(target, '/lost')).map(({ slug }) => slug).sort()).toEqual([...slugs].sort());
  }, 60_000);
});

describe('refused rows', () => {
  test('are reported with line and reason, and imported once they are mended', async () => {
    const path = await file(
      'some.csv',
      'id,url,slug,domain,password\n1,https://example.com/,/good,,\n2,nowhere,/mended,,\n3,https://example.com/,/away,away.example.com,\n4,https://example.com/,/shut,,********\n',
    );
    const report = path.replace('.csv', '.refused.csv');
    const { code, stdout, stderr } = await runImport([path]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^1 imported, 0 updated, 0 already there, 3 refused\.\nRefused:\n {2}line 3: url: must be/,
    );
    expect(stdout).toContain(`All refused rows, with reasons: ${report}.`);
    const rows = (await readFile(report, 'utf8')).split('\n');
    expect(rows[0]).toBe('line,reason,id,url,slug,domain,password');
    expect(rows[1]).toBe(
      '3,url: must be a full address that starts with https:// or http://,2,nowhere,/mended,,',
    );
    expect(rows[2]).toMatch(
      /^4,"domain: away\.example\.com is not a domain of this workspace: add it with POST/,
    );
    expect(rows[3]).toMatch(/^5,"?password: \*{8} stands for a password that no export holds/);

    const text = (await readFile(report, 'utf8')).replace('nowhere', 'https://example.com/');
    const mended = await file(
      'mended.csv',
      text.replace('away.example.com,', ',').replace(/,\*{8}$/m, ',secret'),
    );
    expect(await runImport([mended])).toEqual({
      code: 0,
      stdout: '3 imported, 0 updated, 0 already there, 0 refused.\n',
      stderr: '',
    });
    expect(existsSync(join(folder.path, 'mended.refused.csv'))).toBe(false);
    expect(await linksOf(target, '/shut')).toMatchObject([{ password: '********' }]);
  }, 60_000);
});

describe('an import that can not work ends with one line:', () => {
  const path = () => file('one.csv', csvOf(['/never']));

  test.each([
    [
      { CLICKHOOK_API_KEY: 'ck_wrong' },
      1,
      /^The key is refused by http:\/\/127\.0\.0\.1:\d+: set CLICKHOOK_API_KEY to a key of the workspace there\.\n$/,
    ],
    [
      { CLICKHOOK_URL: 'https://links.example.com' },
      2,
      /^CLICKHOOK_API_KEY is not set: set it to a key of the workspace on links\.example\.com .*\n$/,
    ],
  ])('%j', async (env, code, sentence) => {
    const ended = await runImport([await path()], env as unknown as Record<string, string>);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
    expect(proxy.posts()).toBe(0);
  });

  test('a server that is not there', async () => {
    const gone = await startApiProxy(target.url);
    await gone.close();
    const { code, stderr } = await runImport([await path()], { CLICKHOOK_URL: gone.url });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^http:\S+ can't be reached \(ECONNREFUSED\): start the Clickhook, or set CLICKHOOK_URL to where it is\.\n$/,
    );
  });

  test('a file that is no CSV of links', async () => {
    const { code, stderr } = await runImport([await file('other.csv', 'a;b\n1;2\n')]);
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 });
    expect(stderr).toMatch(/other\.csv has no column "url"/);
  });

  test('help is none of these', async () => {
    const { code, stdout, stderr } = await runImport(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/npm run import -- links\.csv/);
  });
});

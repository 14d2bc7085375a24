import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiProxy } from './api-proxy.ts';
import { csvOf, linksOf, startImportTarget } from './import-target.ts';

let target: Awaited<ReturnType<typeof startImportTarget>>;

beforeAll(async () => {
  target = await startImportTarget();
});

afterAll(async () => {
  await target?.close();
});

describe('refused rows', () => {
  test('are reported with their line and reason, and imported once they are fixed', async () => {
    const path = await target.write(
      'some.csv',
      'id,url,slug,domain,password\n1,https://example.com/,/good,,\n2,nowhere,/mended,,\n3,https://example.com/,/away,away.example.com,\n4,https://example.com/,/shut,,********\n',
    );
    const report = path.replace('.csv', '.refused.csv');
    const { code, stdout, stderr } = await target.run([path]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^1 imported, 0 updated, 0 already there, 3 refused\.\nRefused:\n {2}line 3: url: must be/,
    );
    expect(stdout).toContain(`${report} contains all refused rows with their reasons.`);
    const rows = (await readFile(report, 'utf8')).split('\n');
    expect(rows[0]).toBe('line,reason,id,url,slug,domain,password');
    expect(rows[1]).toBe(
      '3,url: must be a full URL that starts with https:// or http://.,2,nowhere,/mended,,',
    );
    expect(rows[2]).toMatch(
      /^4,"domain: away\.example\.com is not a domain of this workspace. Add it with POST/,
    );
    expect(rows[3]).toMatch(/^5,"?password: \*{8} stands for a password that no export contains/);

    const text = (await readFile(report, 'utf8')).replace('nowhere', 'https://example.com/');
    const mended = await target.write(
      'mended.csv',
      text.replace('away.example.com,', ',').replace(/,\*{8}$/m, ',secret'),
    );
    expect(await target.run([mended])).toEqual({
      code: 0,
      stdout: '3 imported, 0 updated, 0 already there, 0 refused.\n',
      stderr: '',
    });
    expect(existsSync(target.path('mended.refused.csv'))).toBe(false);
    expect(await linksOf(target.stack, '/shut')).toMatchObject([{ password: '********' }]);
  });
});

describe('an import that cannot work ends with one line:', () => {
  const path = () => target.write('one.csv', csvOf(['/never']));

  test.each([
    [
      { CLICKHOOK_API_KEY: 'ck_wrong' },
      1,
      /^http:\/\/127\.0\.0\.1:\d+ does not accept the API key\. Set CLICKHOOK_API_KEY to a key of the workspace there\.\n$/,
    ],
    [
      { CLICKHOOK_URL: 'https://links.example.com' },
      2,
      /^CLICKHOOK_API_KEY is not set\. Set it to an API key of the workspace on links\.example\.com .*\n$/,
    ],
  ])('%j', async (env, code, sentence) => {
    const posts = target.proxy.posts();
    const ended = await target.run([await path()], env as unknown as Record<string, string>);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
    expect(target.proxy.posts()).toBe(posts);
  });

  test('a server that does not run', async () => {
    const gone = await startApiProxy(target.stack.url);
    await gone.close();
    const { code, stderr } = await target.run([await path()], { CLICKHOOK_URL: gone.url });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^http:\S+ can't be reached \(ECONNREFUSED\)\. Start Clickhook, or set CLICKHOOK_URL to its address\.\n$/,
    );
  });

  test('a file that is not a CSV file of links', async () => {
    const { code, stderr } = await target.run([await target.write('other.csv', 'a;b\n1;2\n')]);
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 });
    expect(stderr).toMatch(/other\.csv has no column "url"/);
  });

  test('--help is not an error', async () => {
    const { code, stdout, stderr } = await target.run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/npm run import -- links\.csv/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { readSettings, UsageError } from '../../import/command.ts';

const CLOUD = { CLICKHOOK_URL: 'https://links.example.com', CLICKHOOK_API_KEY: 'ck_1' };

describe('settings', () => {
  test('have defaults for Clickhook on this machine', () => {
    expect(readSettings(['folder/links.csv'], {})).toEqual({
      file: 'folder/links.csv',
      dryRun: false,
      update: false,
      report: 'folder/links.refused.csv',
      concurrency: 4,
      origin: 'http://localhost:3000',
      key: 'ck_local',
    });
  });

  test('can be changed; a dry run writes a report only if one is named', () => {
    const args = ['--update', '--concurrency', '16', '--dry-run', 'links.CSV'];
    const wanted = {
      dryRun: true,
      update: true,
      concurrency: 16,
      origin: 'https://links.example.com',
      key: 'ck_1',
    };
    expect(readSettings(args, CLOUD)).toMatchObject({ ...wanted, report: null });
    expect(readSettings([...args, '--report', 'r.csv'], CLOUD)).toMatchObject({ report: 'r.csv' });
  });

  test.each([
    ['https://links.example.com/', 'https://links.example.com'],
    ['https://links.example.com/api/v1/', 'https://links.example.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ])('accept the address %s', (CLICKHOOK_URL, origin) => {
    expect(readSettings(['x'], { CLICKHOOK_URL, CLICKHOOK_API_KEY: 'ck_1' })).toMatchObject({ origin });
  });

  test('are not read when help is requested', () => {
    expect(readSettings(['--help'], { CLICKHOOK_URL: 'nowhere' })).toBeNull();
  });

  test.each([
    [[], {}, 'The file to import is missing. Run npm run import -- links.csv'],
    [['a', 'b'], {}, 'You can import only one file at a time, not a and b'],
    [['a', '--nope'], {}, "Unknown option '--nope'. Run npm run import -- --help"],
    [['a', '--concurrency', '0'], {}, '--concurrency must be a whole number from 1 to 16, not "0"'],
    [['a', '--concurrency', '1e1'], {}, '--concurrency must be a whole number from 1 to 16, not "1e1"'],
    [['a'], { CLICKHOOK_URL: 'links.example.com' }, 'CLICKHOOK_URL must be the address of Clickhook'],
    [['a'], { CLICKHOOK_URL: 'https://u:p@links.example.com' }, 'CLICKHOOK_URL must be the address'],
    [['a'], { CLICKHOOK_URL: 'https://links.example.com/app' }, 'CLICKHOOK_URL must be the address'],
    [['a'], { CLICKHOOK_URL: CLOUD.CLICKHOOK_URL }, 'CLICKHOOK_API_KEY is not set. Set it to an API key'],
    [['a'], { CLICKHOOK_URL: 'https://localhost.example.com' }, 'CLICKHOOK_API_KEY is not set'],
    [['a'], { CLICKHOOK_API_KEY: 'ck_1\n' }, 'CLICKHOOK_API_KEY must contain only the key'],
  ])('%j with %j are rejected: %s', (args, env, sentence) => {
    expect(() => readSettings(args, env)).toThrow(UsageError);
    expect(() => readSettings(args, env)).toThrow(sentence);
  });
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

/** Prints every module that a command loads to stdout. */
const RECORDER = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      process.stdout.write('loaded ' + url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** The URLs of the modules that node loads for these arguments. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const command = promisify(execFile)(process.execPath, ['--import', RECORDER, ...args]);
  const { stdout } = await command.catch((error: { stdout: string }) => error);
  return stdout.split('\n').flatMap((line) => (line.startsWith('loaded ') ? [line.slice(7)] : []));
}

const HEAVY = /node_modules\/(@aws-sdk|@smithy|@middy|zod)\/|\/lambdas\/(?!links\/link\.ts$)/;

describe('the import command', () => {
  test.each([
    ['help', 'command.ts', ['--help']],
    ['a wrong option', 'command.ts', ['--no-such-option']],
    ['no file', 'command.ts', []],
    ['a file that does not exist', 'csv-file.ts', ['no-such-file.csv']],
    ['a file without columns of links', 'csv-file.ts', ['.gitignore']],
  ])('loads nothing heavy for %s', async (_name, last, args) => {
    const loaded = await loadedBy('bin/import.ts', ...args);
    expect(loaded.some((url) => url.endsWith(`/import/${last}`))).toBe(true);
    expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
  });

  test('checks rows without the AWS SDK', async () => {
    const loaded = await loadedBy('import/run.ts');
    expect(loaded.some((url) => url.endsWith('/lambdas/links/fields.ts'))).toBe(true);
    expect(loaded.filter((url) => /node_modules\/(@aws-sdk|@smithy)\//.test(url))).toEqual([]);
  });
});

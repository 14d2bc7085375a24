import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../import/command.ts';
import { readColumns } from '../../import/csv-file.ts';
import { readCsv } from './csv-text.ts';

describe('rows', () => {
  test('may come with a BOM, CRLF and line breaks in quotes; each has the line on which it begins', async () => {
    const { file, rows } = await readCsv('\ufeffurl,name\r\na,"x\r\ny"\r\n\r\n\r\nb,"say ""hi"""\r\nc,last');
    expect(file).toMatchObject({ header: ['url', 'name'], rows: 3 });
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, 'a', 'x\r\ny'],
      [6, 'b', 'say "hi"'],
      [7, 'c', 'last'],
    ]);
    expect(rows.at(-1)?.endByte).toBe(file.bytes);
  });

  test('that are blank in every cell are skipped, but count as lines', async () => {
    const { file, rows } = await readCsv('url,name\n,\n   \n , \na,b\n');
    expect(file.rows).toBe(1);
    expect(rows).toMatchObject([{ line: 5, cells: ['a', 'b'] }]);
  });

  test('with another number of cells are returned unchanged', async () => {
    const { rows } = await readCsv('url,name\na\nb,c,d\n');
    expect(rows.map(({ cells }) => cells)).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('that repeat the header are skipped, because parts of an export were joined', async () => {
    const { file, rows } = await readCsv('url,name\na,b\nurl,name\nc,d\n');
    expect(file.rows).toBe(2);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  });
});

describe('a file is rejected as a whole, with the line and what to change:', () => {
  test.each([
    ['empty', '', /is empty\. Its first line must name the columns\.$/],
    ['an open quote', 'url,name\na,"x\r\ny"\r\nb,"c\r\n', /at line 4\. A quote is opened and never closed/],
    ['a quote in a cell', 'url,name\na,b"c\n', /at line 2\. A cell contains a quote/],
    ['text after a quote', 'url,name\na,b\nc,"b"c\n', /at line 3\. There is text after a closing quote/],
    [
      'a quote that takes megabytes in',
      `url,name\na,"${'b\n'.repeat(1e6)}`,
      /at line 2\. The row is longer than 1 MB/,
    ],
    ['Latin-1', Buffer.from('url,name\na,\xfc\n', 'latin1'), /is not UTF-8 text/],
    ['half a letter at its end', Buffer.from([0x75, 0x72, 0x6c, 0x0a, 0xc3]), /is not UTF-8 text/],
    ['UTF-16', Buffer.from('\ufeffurl,name\na,b\n', 'utf16le'), /is not UTF-8 text/],
  ])('%s', async (_name, content, sentence) => {
    const reading = readCsv(content);
    await expect(reading).rejects.toBeInstanceOf(UsageError);
    await expect(reading).rejects.toThrow(sentence);
  });
});

describe('columns', () => {
  test('may have any order and case; those that are not imported are named', () => {
    const columns = readColumns('links.csv', [
      'ID',
      ' Slug ',
      'webhooks',
      'clicks_total',
      'URL',
      '',
      'Owner',
    ]);
    expect(Object.fromEntries(columns.positions)).toEqual({ slug: 1, url: 4 });
    expect(columns).toMatchObject({ count: 7, unknown: ['webhooks', 'owner'] });
  });

  test.each([
    [['url;slug'], 'has no column "url". Its first line must name the columns, separated by commas'],
    [['url', 'name'], 'has no column "slug"'],
    [['url', 'slug', 'Url'], 'has the column "url" twice'],
  ])('%j are rejected', (header, sentence) => {
    expect(() => readColumns('links.csv', header)).toThrow(sentence);
  });
});

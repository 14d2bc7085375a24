import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { openReport } from '../../import/csv-file.ts';
import { RowCounts, summary } from '../../import/progress.ts';
import { withFile } from './csv-text.ts';

const HEADER = ['url', 'slug', 'name'];
const row = (line: number, ...cells: string[]) => ({ line, cells, endByte: 0 });

test('a report holds line, reason and the cells of the row, and can be imported itself', async () => {
  await withFile('', async (input) => {
    const path = `${input}.refused.csv`;
    const report = openReport(path, input, HEADER);
    report.add({ row: row(7, 'nowhere', '/a', '\'=1, "x"'), reason: 'url: must be "full"' });
    report.add({ row: row(9, '=bad', '/b'), reason: 'cells' });
    report.close();
    expect(readFileSync(path, 'utf8')).toBe(
      'line,reason,url,slug,name\n7,"url: must be ""full""",nowhere,/a,"\'=1, ""x"""\n9,cells,\'=bad,/b\n',
    );
  });
});

test('a report of a fixed report has its columns once', async () => {
  await withFile('', async (input) => {
    const path = `${input}.refused.csv`;
    const report = openReport(path, input, ['line', 'reason', ...HEADER]);
    report.add({ row: row(2, '7', 'old', 'u', '/a', 'n'), reason: 'new' });
    report.close();
    expect(readFileSync(path, 'utf8')).toBe('line,reason,url,slug,name\n2,new,u,/a,n\n');
  });
});

test('a report of nothing is no file, and takes the one of before away', async () => {
  await withFile('', async (input) => {
    const path = `${input}.refused.csv`;
    writeFileSync(path, 'line,reason,url\n2,old,x\n');
    openReport(path, input, HEADER).close();
    expect(existsSync(path)).toBe(false);
  });
});

test('no other file is overwritten or removed, the input least of all', async () => {
  await withFile('url,slug\n', async (input) => {
    const other = `${input}.txt`;
    writeFileSync(other, 'notes');
    expect(() => openReport(input, input, HEADER)).toThrow(/can't be the input itself/);
    expect(() => openReport(other, input, HEADER)).toThrow(/is no report of refused rows: name another file/);
    expect(() => openReport(`${input}/x`, input, HEADER)).toThrow(
      /can't be written \(ENOTDIR\): name another/,
    );
    expect([readFileSync(input, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['url,slug\n', 'notes']);
  });
});

test('the summary shows the first refused rows in the order of the file, and says where all are', () => {
  const counts = new RowCounts();
  counts.count(row(2), 'imported');
  for (let line = 14; line > 2; line--) counts.count(row(line), 'refused', `reason ${line}`);
  const text = summary(counts, { dryRun: false, report: 'r.csv', unknown: ['owner'] });
  expect(text.split('\n')).toEqual([
    '1 imported, 0 updated, 0 already there, 12 refused.',
    'Columns that are not imported: owner.',
    'Refused:',
    ...Array.from({ length: 10 }, (_, index) => `  line ${index + 5}: reason ${index + 5}`),
    '  and 2 more',
    'All refused rows, with reasons: r.csv. Mend them there and import that file.',
  ]);
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { bar, openReport, Progress, RowCounts, summary } from '../../import/report.ts';
import { withFile } from './csv-text.ts';

const HEADER = ['url', 'slug', 'name'];
const row = (line: number, ...cells: string[]) => ({ line, cells, endByte: 0 });

test('a report contains the line, the reason and the cells of each row, and can be imported itself', async () => {
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

test('a report about a corrected report has its columns once', async () => {
  await withFile('', async (input) => {
    const path = `${input}.refused.csv`;
    const report = openReport(path, input, ['line', 'reason', ...HEADER]);
    report.add({ row: row(2, '7', 'old', 'u', '/a', 'n'), reason: 'new' });
    report.close();
    expect(readFileSync(path, 'utf8')).toBe('line,reason,url,slug,name\n2,new,u,/a,n\n');
  });
});

test('an empty report is not written and removes the previous one', async () => {
  await withFile('', async (input) => {
    const path = `${input}.refused.csv`;
    writeFileSync(path, 'line,reason,url\n2,old,x\n');
    openReport(path, input, HEADER).close();
    expect(existsSync(path)).toBe(false);
  });
});

test('no other file is overwritten or removed, least of all the input', async () => {
  await withFile('url,slug\n', async (input) => {
    const other = `${input}.txt`;
    writeFileSync(other, 'notes');
    expect(() => openReport(input, input, HEADER)).toThrow(/can't be the input file itself/);
    expect(() => openReport(other, input, HEADER)).toThrow(
      /is not a report of refused rows\. Name another file/,
    );
    expect(() => openReport(`${input}/x`, input, HEADER)).toThrow(
      /can't be written \(ENOTDIR\)\. Name another/,
    );
    expect([readFileSync(input, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['url,slug\n', 'notes']);
  });
});

test('the summary shows the first refused rows in the order of the file and names the report', () => {
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
    'r.csv contains all refused rows with their reasons. Fix the rows there and import that file.',
  ]);
});

function screen(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  return { isTTY, ...(columns ? { columns } : {}), write: (text: string) => written.push(text), written };
}

const halfWay = () => Object.assign(new RowCounts(), { imported: 1_100, refused: 100, endByte: 50 });
const FILE = { rows: 2_000, bytes: 100 };
const LINE = '[============>           ]  50 %  row 1,200 of 2,000, 100 refused';

describe('progress', () => {
  test('shows the percentage by bytes and the number of rows', () => {
    expect(bar(0.5, halfWay(), 2_000)).toBe(LINE);
    expect(bar(0, new RowCounts(), 0)).toBe('[>                       ]   0 %  row 0 of 0');
    expect(bar(1, new RowCounts(), 0)).toBe('[========================] 100 %  row 0 of 0');
  });

  test('in a terminal is one line, redrawn at most ten times a second and cut to the width', () => {
    const terminal = screen(true, 30);
    let nowMs = 0;
    const progress = new Progress(terminal, () => nowMs);
    for (nowMs = 0; nowMs < 200; nowMs += 10) progress.showRows(halfWay(), FILE);
    expect(terminal.written).toEqual(Array(2).fill(`\r\x1b[K${LINE.slice(0, 29)}`));
    progress.clear();
    progress.clear();
    expect(terminal.written.slice(2)).toEqual(['\r\x1b[K']);
  });

  test('elsewhere is a line every ten seconds, and none for a short import', () => {
    const log = screen(false);
    let nowMs = 0;
    const progress = new Progress(log, () => nowMs);
    for (; nowMs < 25_000; nowMs += 1_000) progress.showRows(halfWay(), FILE);
    progress.end('end');
    progress.clear();
    expect(log.written).toEqual([`${LINE}\n`, `${LINE}\n`]);
  });
});

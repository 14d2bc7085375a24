import { describe, expect, test } from '@jest/globals';
import { bar, Progress, RowCounts } from '../../import/progress.ts';

function screen(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  return { isTTY, ...(columns ? { columns } : {}), write: (text: string) => written.push(text), written };
}

const halfWay = () => Object.assign(new RowCounts(), { imported: 1_100, refused: 100, endByte: 50 });
const FILE = { rows: 2_000, bytes: 100 };
const LINE = '[============>           ]  50 %  row 1,200 of 2,000, 100 refused';

describe('progress', () => {
  test('is the share of the bytes, with the rows beside it', () => {
    expect(bar(0.5, halfWay(), 2_000)).toBe(LINE);
    expect(bar(0, new RowCounts(), 0)).toBe('[>                       ]   0 %  row 0 of 0');
    expect(bar(1, new RowCounts(), 0)).toBe('[========================] 100 %  row 0 of 0');
  });

  test('in a terminal is one line, drawn anew ten times a second at most and cut to its width', () => {
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

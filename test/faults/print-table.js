import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const COLUMNS = ['title', 'expected', 'seen'];
const HEADINGS = { title: 'case', expected: 'expected', seen: 'seen' };

/** Prints the table of all cases: what was expected and what was seen. */
export default async function printTable() {
  const file = process.env.CLICKHOOK_FAULT_ROWS;
  const text = await readFile(file, 'utf8').catch(() => '');
  await rm(dirname(file), { recursive: true, force: true });
  const rows = [HEADINGS, ...text.split('\n').filter(Boolean).map(JSON.parse)];
  const widths = COLUMNS.map((name) => Math.max(...rows.map((row) => row[name].length)));
  const lines = rows.map((row) => COLUMNS.map((name, index) => row[name].padEnd(widths[index])).join(' | '));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('-|-'));
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

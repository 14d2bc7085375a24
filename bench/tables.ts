import type { Figure } from './figure.ts';
import type { Group } from './report.ts';

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
/** A Markdown table. */
export const table = (header: string[], rows: string[][]) =>
  [
    row(...header),
    row(...header.map(() => '---')).replaceAll(' ', ''),
    ...rows.map((cells) => row(...cells)),
  ].join('\n');

/** Gives a figure of a group by its name. @throws Error when the group's report has none */
export function finder(figures: Figure[], group: Group): (name: string) => number {
  const values = new Map(figures.map(({ name, value }) => [name, value]));
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`bench/results/${group}.json has no figure "${name}"`);
    return value;
  };
}

/** A page with the tables at their places, which are between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withTables(page: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`The page has no place for the table "${name}"`);
    return text.replace(place, (_all, start, end) => `${start}\n${content}\n\n${end}`);
  }, page);
}

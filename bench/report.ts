import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { ROOT } from '../lib/bundles/options.ts';
import type { Figure } from './figure.ts';

/** The benchmarks, by what is measured together. */
export type Group =
  | 'cold'
  | 'runtime'
  | 'warm'
  | 'deliver'
  | 'reports'
  | 'local'
  | 'tests'
  | 'cost'
  | 'growth';

/** The committed report of a group. The tables of the pages are made from these files. */
export const resultFile = (group: Group) => new URL(`results/${group}.json`, import.meta.url);

/** A run of benchmarks. `commit` also says when files differed from it. */
export type Report = { commit: string; machine: string; date: string; figures: Figure[] };

const GIB = 1024 ** 3;

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

function commit(): string {
  // Results of this run are no change of what is measured.
  const changed = git('status', '--porcelain', '--', '.', ':!bench/results') !== '';
  return git('rev-parse', 'HEAD') + (changed ? ' with changes' : '');
}

function machine(): string {
  const cores = cpus();
  const memory = `${Math.round(totalmem() / GIB)} GiB`;
  return `${cores.length} × ${cores[0]?.model.trim()}, ${memory}, Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** What was measured, on which machine and at which commit. */
export function reportOf(figures: Figure[]): Report {
  return { commit: commit(), machine: machine(), date: new Date().toISOString().slice(0, 10), figures };
}

const cell = (value: string | number | null) => (value === null ? '' : String(value));

function row({ name, value, unit, reference, ratio, goal, met }: Figure): string {
  const verdict = met === null ? '' : met ? 'yes' : '**no**';
  return `| ${[name, `${value} ${unit}`, cell(reference), cell(ratio), cell(goal), verdict].join(' | ')} |`;
}

const HEADER = ['| figure | value | reference | ratio | goal | met |', '|---|---|---|---|---|---|'];

/** Figures as a Markdown table. */
export const figuresTable = (figures: Figure[]) => [...HEADER, ...figures.map(row)].join('\n');

/** A report in Markdown. */
export function markdown({ commit: of, machine: on, date, figures }: Report): string {
  return `Commit ${of}, ${date}; ${on}.\n\n${figuresTable(figures)}\n`;
}

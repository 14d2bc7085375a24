import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PHRASES } from './words.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Files below a folder with one of these endings, from the root of the project. */
const filesOf = (folder: string, endings: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules'));

/** Files of integrations, whose packages are in their own folders. */
const integrationFiles = (endings: RegExp): string[] =>
  readdirSync(join(ROOT, 'integrations')).flatMap((name) =>
    readdirSync(join(ROOT, 'integrations', name), { withFileTypes: true }).flatMap((entry) => {
      const path = `integrations/${name}/${entry.name}`;
      if (entry.isFile()) return endings.test(entry.name) ? [path] : [];
      return /node_modules|dist/.test(entry.name) ? [] : filesOf(path, endings);
    }),
  );

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...filesOf('docs', /\.md$/),
  ...filesOf('bench', /\.md$/),
  ...filesOf('dashboard', /\.md$/),
  ...integrationFiles(/\.md$/),
];
const SOURCES = [
  ...['bin', 'dashboard/src', 'import', 'lambdas', 'lib', 'local'].flatMap((folder) =>
    filesOf(folder, /\.tsx?$/),
  ),
  ...integrationFiles(/\.[jt]s$/),
];

/** The lines that have a phrase, as `file:line: phrase`. */
function found(path: string, lines: string[]): string[] {
  return lines.flatMap((line, index) =>
    PHRASES.flatMap(({ not, write }) => {
      const hit = not.exec(line)?.[0];
      return hit ? [`${path}:${index + 1}: write "${write}", not "${hit}"`] : [];
    }),
  );
}

/** A page without its blocks of code, whose words are those of programs. */
const prose = (page: string) => page.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''));

describe('plain words', () => {
  test.each(PAGES)('%s uses no phrase that readers have to decode', (path) => {
    expect(found(path, prose(text(path)).split('\n'))).toEqual([]);
  });

  test.each(SOURCES)('%s uses none in its sentences and comments', (path) => {
    expect(found(path, text(path).split('\n'))).toEqual([]);
  });
});

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchors = (path: string): Set<string> =>
  new Set([...prose(text(path)).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)));

/** Where the links and pictures of a page lead inside the project. */
const linksOf = (path: string): string[] =>
  [...prose(text(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

describe('links', () => {
  test.each(PAGES)('%s leads to files and headings that exist', (path) => {
    const broken = linksOf(path).filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : relative(ROOT, resolve(ROOT, dirname(path), decodeURI(file)));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('in sources, too, name pages and headings that exist', () => {
    const named = [...SOURCES, ...filesOf('bench', /\.ts$/), ...filesOf('test', /\.ts$/)].flatMap((path) =>
      [...text(path).matchAll(/\bdocs\/[\w/-]+\.md(#[\w-]+)?/g)].map(([link]) => ({ path, link })),
    );
    expect(named.length).toBeGreaterThan(5);
    const broken = named.filter(({ link }) => {
      const [file = '', anchor] = link.split('#');
      return !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchors(file).has(anchor));
    });
    expect(broken).toEqual([]);
  });
});

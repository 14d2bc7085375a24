import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { minVersion, subset } from 'semver';

/** A package in package-lock.json. In old packages, `engines` is a list. */
type Locked = {
  hasInstallScript?: true;
  deprecated?: string;
  engines?: { node?: string } | string[];
};

const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
const { engines, allowScripts } = await read('package.json');
const { packages } = (await read('package-lock.json')) as { packages: Record<string, Locked> };
const dependencies = Object.entries(packages).filter(([path]) => path !== '');

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const namesWhere = (holds: (locked: Locked) => unknown) =>
  dependencies.filter(([, locked]) => holds(locked)).map(([path]) => nameOf(path));

describe('npm ci warns about nothing on any version of Node.js that we support:', () => {
  test('every package of the lock file supports that version', () => {
    const tooNew = dependencies.filter(([, { engines: own }]) => {
      const range = Array.isArray(own) ? undefined : own?.node;
      return range !== undefined && !subset(engines.node, range);
    });
    expect(tooNew).toEqual([]);
  });

  test('no package is deprecated', () => {
    expect(namesWhere(({ deprecated }) => deprecated)).toEqual([]);
  });

  test('each install script is allowed or denied by name, and each name exists', () => {
    expect([...new Set(namesWhere(({ hasInstallScript }) => hasInstallScript))].sort()).toEqual(
      Object.keys(allowScripts).sort(),
    );
  });
});

test('no install script sends data home', () => {
  const reporting = dependencies.filter(
    ([path, { hasInstallScript }]) => hasInstallScript && nameOf(path).startsWith('@scarf/'),
  );
  expect(reporting).toEqual([]);
});

describe.each(readdirSync(new URL('../integrations', import.meta.url)))('the integration %s', (name) => {
  test('has packages of its own, each pinned, whose install scripts don’t run', async () => {
    const { dependencies: needed = {}, devDependencies: forTests = {} } = await read(
      `integrations/${name}/package.json`,
    );
    const versions = Object.values({ ...needed, ...forTests });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    expect(packages).not.toHaveProperty([`integrations/${name}`]);
    const lock = await read(`integrations/${name}/package-lock.json`);
    const scripts = Object.values(lock.packages as Record<string, Locked>).filter(
      (one) => one.hasInstallScript,
    );
    if (scripts.length === 0) return;
    const settings = await readFile(new URL(`../integrations/${name}/.npmrc`, import.meta.url), 'utf8');
    expect(settings).toContain('ignore-scripts=true');
  });
});

test.each(['README.md', 'docs/deploy.md'])(
  '%s names the oldest supported version of each line',
  async (name) => {
    const text = await readFile(new URL(`../${name}`, import.meta.url), 'utf8');
    for (const range of engines.node.split(' || ')) expect(text).toContain(String(minVersion(range)));
  },
);

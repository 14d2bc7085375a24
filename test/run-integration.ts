import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

// Runs the tests of an integration: `node test/run-integration.ts mcp`. It has packages of its own, so that `npm ci` stays
// fast for everyone else. They are installed when they are missing or older than their lock file.

const [name = '', ...jestArguments] = process.argv.slice(2);
const folder = `integrations/${name}`;

const lock = `${folder}/package-lock.json`;
const installed = `${folder}/node_modules/.package-lock.json`;
const run = (command: string, parameters: string[]) =>
  execFileSync(command, parameters, { stdio: ['ignore', 2, 2] });

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const startedMs = performance.now();
  run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  process.stderr.write(`The packages of ${folder} are installed in ${seconds} s\n`);
}
// What the package itself needs to be ready, such as its vendor's linter.
for (const script of ['build', 'lint']) run('npm', ['run', script, '--if-present', '--prefix', folder]);
run('npx', ['tsc', '--noEmit', '-p', folder]);

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--config',
    'jest.integrations.config.js',
    // Not all of integrations/, whose packages Jest would list.
    `--roots=<rootDir>/${folder}`,
    ...jestArguments,
  ],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;

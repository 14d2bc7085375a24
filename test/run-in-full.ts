import { execFileSync, spawnSync } from 'node:child_process';

// Runs all cases of the tests that `npm test` runs with fewer cases: every file that imports full-runs.ts.
const files = execFileSync('grep', ['-rlE', '--include=*.test.ts', 'full-runs\\.ts', 'test'], {
  encoding: 'utf8',
});
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    ...process.argv.slice(2),
    ...files.trim().split('\n'),
  ],
  { stdio: 'inherit', env: { ...process.env, FULL_RUNS: '1' } },
);
process.exitCode = status ?? 1;

import { availableParallelism } from 'node:os';

/** Tests run as ES modules on the sources themselves; swc strips the types. */
export default {
  testEnvironment: 'node',
  // More than there are cores: some tests wait for a deadline of seconds, and end-to-end tests for their stacks.
  maxWorkers: availableParallelism() + 1,
  // ES modules of a finished test file stay in a worker's memory. Beyond a GB and a half, collecting garbage takes more time
  // than testing: at three, a file of 15 s took 100. A worker that has grown this far is replaced.
  workerIdleMemoryLimit: '700MB',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  // Ten times what the slowest ordinary test takes on a busy machine of two cores; it ends what hangs, and no more. What
  // takes longer by its nature says so itself.
  testTimeout: 300_000,
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

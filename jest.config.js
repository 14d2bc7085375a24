/** Tests run as ES modules on the sources themselves; swc strips the types. */
export default {
  testEnvironment: 'node',
  // One for each core: end-to-end tests wait for their stacks much of the time.
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/global-setup.ts',
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

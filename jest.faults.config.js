import config from './jest.config.js';

/** The fault suite: `npm run test:faults`. It prints what it saw as a table. */
export default {
  ...config,
  // Side by side they would measure each other.
  maxWorkers: 1,
  testMatch: ['**/faults/**/*.faults.ts'],
  globalSetup: './test/faults/start-table.ts',
  globalTeardown: './test/faults/print-table.js',
};

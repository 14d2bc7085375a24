import config from './jest.config.js';

/** The runtime suite: `npm run test:runtime`. It runs the bundles under AWS's own runtime client for Node. */
export default {
  ...config,
  // Each test file runs engines and functions in processes of their own.
  maxWorkers: 1,
  testMatch: ['**/runtime/**/*.runtime.ts'],
  globalSetup: './test/runtime/install-client.ts',
};

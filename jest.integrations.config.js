import config from './jest.config.js';

/** The tests of one integration, against a local stack: `npm run test:mcp` and others. */
export default {
  ...config,
  // Their child processes need the processors too.
  maxWorkers: 2,
  roots: ['<rootDir>/integrations'],
};

import config from './jest.config.js';

/** The tests of the Zapier app: `npm run test:zapier`. */
export default {
  ...config,
  roots: ['<rootDir>/integrations/zapier/test'],
  globalSetup: '<rootDir>/integrations/zapier/test/install.ts',
};

import base from './jest.config.js';

/** Browser tests: the dashboard in a real Chromium, which CHROMIUM may name, against a local stack. */
export default {
  ...base,
  // Browsers side by side would wait for each other.
  maxWorkers: 1,
  testMatch: ['**/*.browser.ts'],
};

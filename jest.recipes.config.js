import config from './jest.config.js';

/** The code of the recipes: `npm run test:recipes`. It runs in Node, Python and PHP. */
export default {
  ...config,
  testMatch: ['**/recipes/**/*.recipe.ts'],
};

import { expect, test } from '@jest/globals';
import Bowser from 'bowser';
import { APP_NAMES, BROWSER_NAMES } from '../../../lambdas/clicks/visitor-values.ts';
import { TOKENS } from '../../../lambdas/redirect/user-agent/app-browser.ts';
import { browserName } from '../../../lambdas/redirect/user-agent/user-agent.ts';

test('rules can name every browser that the parser knows, and no crawler', () => {
  const CRAWLER = /bot\b|spider|slurp|crawler|-user$|^meta-|externalhit|phantomjs/i;
  const names = Object.values(Bowser.BROWSER_MAP).map(browserName);
  expect(names.filter((name) => !BROWSER_NAMES.includes(name) && !CRAWLER.test(name))).toEqual([]);
  expect(BROWSER_NAMES.filter((name) => CRAWLER.test(name))).toEqual([]);
});

test('no browser is listed twice', () => {
  expect(new Set(BROWSER_NAMES).size).toBe(BROWSER_NAMES.length);
});

test('every listed app is found by a token', () => {
  expect(new Set(TOKENS.map(([, name]) => name))).toEqual(new Set(APP_NAMES));
});

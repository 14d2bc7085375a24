import { describe, expect, test } from '@jest/globals';
import crawlers from 'crawler-user-agents';
import * as fc from 'fast-check';
import topUserAgents from 'top-user-agents';
import { describeCommonBrowser } from '../../../../lambdas/redirect/user-agent/common-browsers.ts';
import { describeUserAgent } from '../../../../lambdas/redirect/user-agent/user-agent.ts';
import { runs } from '../../../full-runs.ts';
import * as apps from './apps.ts';
import * as bots from './bots.ts';
import * as listed from './user-agents.ts';

/** Every text that looks like a User-Agent in the lists of the other tests. */
const inLists = [apps, bots, listed].flatMap((list) =>
  JSON.stringify(Object.values(list)).split(/"|\\n| \| /),
);
const KNOWN = [
  ...new Set([...topUserAgents, ...crawlers.flatMap(({ instances }) => instances), ...inLists]),
].filter((text) => text.length > 5);

const version = fc.integer({ min: 30, max: 400 }).map((major) => `${major}.0.0.0`);
const dotted = fc
  .tuple(fc.integer({ min: 10, max: 30 }), fc.nat(9))
  .map(([major, minor]) => `${major}.${minor}`);
const comment = fc.constantFrom(
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'Macintosh; Intel Mac OS X 10.15',
  'X11; Linux x86_64',
  'X11; CrOS x86_64 14541.0.0',
  'Linux; Android 10; K',
  'iPhone; CPU iPhone OS 18_6 like Mac OS X',
  'iPad; CPU OS 18_6 like Mac OS X',
  'Linux; Android 9; AFTMM',
  '__proto__',
  'compatible; Googlebot/2.1',
);
const suffix = fc.constantFrom(
  '',
  ' Edg/140.0.0.0',
  ' EdgA/140.0.0.0',
  ' OPR/120.0.0.0',
  ' Instagram 300',
  ' bot',
);
const mobile = fc.constantFrom('', 'Mobile ');
const samsung = fc.constantFrom('', 'SamsungBrowser/28.0 ');
const chromium = fc
  .tuple(comment, samsung, version, mobile, suffix)
  .map(
    ([inBrackets, before, chrome, phone, after]) =>
      `Mozilla/5.0 (${inBrackets}) AppleWebKit/537.36 (KHTML, like Gecko) ${before}Chrome/${chrome} ${phone}Safari/537.36${after}`,
  );
const webkit = fc
  .tuple(comment, dotted, fc.constantFrom('Version/18.6', 'CriOS/141.0.7390.96', 'FxiOS/143.0'), mobile)
  .map(
    ([inBrackets, safari, product]) =>
      `Mozilla/5.0 (${inBrackets}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${product.replace('18.6', safari)} Mobile/15E148 Safari/604.1`,
  );
const firefox = fc
  .tuple(comment, dotted, suffix)
  .map(
    ([inBrackets, major, after]) =>
      `Mozilla/5.0 (${inBrackets}; rv:${major}) Gecko/20100101 Firefox/${major}${after}`,
  );

describe('the quick path for common browsers', () => {
  test('says of every listed User-Agent what the parsers say, or leaves it to them', () => {
    const different = KNOWN.filter((userAgent) => {
      const quick = describeCommonBrowser(userAgent);
      return quick !== null && JSON.stringify(quick) !== JSON.stringify(describeUserAgent(userAgent));
    });
    expect(KNOWN.length).toBeGreaterThan(2_000);
    expect(different).toEqual([]);
  });

  test('says the same of any version and combination', () => {
    const property = fc.property(fc.oneof(chromium, webkit, firefox), (userAgent) => {
      const quick = describeCommonBrowser(userAgent);
      if (quick !== null) expect(quick).toEqual(describeUserAgent(userAgent));
    });
    fc.assert(property, { numRuns: runs(5_000, 500) });
  });

  test('takes at least half of the most common User-Agents', () => {
    const taken = topUserAgents.filter((userAgent) => describeCommonBrowser(userAgent) !== null);
    expect(taken.length / topUserAgents.length).toBeGreaterThan(0.5);
  });

  test('takes no crawler', () => {
    const taken = crawlers.flatMap(({ instances }) => instances).filter((one) => describeCommonBrowser(one));
    expect(taken).toEqual([]);
  });
});

import { type ClickedLink, type ClickPayload, clickTimestamp } from './click.ts';

/** What a webhook would get if somebody clicked now: a click that nobody made, on a real link. */
export function samplePayload(link: ClickedLink, nowEpochMs: number): ClickPayload {
  return {
    event: 'click',
    timestamp: clickTimestamp(nowEpochMs),
    link,
    click: {
      country: 'US',
      is_eu_country: false,
      platform: 'desktop',
      browser_name: 'Chrome',
      referer: 'https://example.com/',
      isp: 'Example ISP',
      bot_name: null,
      destination: link.destination,
      params: { clickhook_test: 'true' },
    },
  };
}

import { EU_COUNTRIES } from './eu-countries.js';

const UTM_NAMES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

/** The fields of a click as Zaps see it, besides the query parameters of the click. */
export const CLICK_FIELDS = [
  { key: 'id', label: 'Click ID', type: 'string' },
  { key: 'timestamp', label: 'Time', type: 'datetime' },
  { key: 'link_id', label: 'Link ID', type: 'integer' },
  { key: 'link_name', label: 'Link Name', type: 'string' },
  { key: 'link_full_url', label: 'Short Link', type: 'string' },
  { key: 'link_domain', label: 'Domain', type: 'string' },
  { key: 'link_slug', label: 'Slug', type: 'string' },
  { key: 'link_url', label: 'URL of the Link', type: 'string' },
  { key: 'destination', label: 'Destination of the Click', type: 'string' },
  { key: 'country', label: 'Country', type: 'string' },
  { key: 'is_eu_country', label: 'Is in the EU', type: 'boolean' },
  { key: 'platform', label: 'Platform', type: 'string' },
  { key: 'browser_name', label: 'Browser', type: 'string' },
  { key: 'is_bot', label: 'Is a Bot', type: 'boolean' },
  { key: 'bot_name', label: 'Bot', type: 'string' },
  { key: 'referer', label: 'Referrer', type: 'string' },
  { key: 'isp', label: 'Internet Provider', type: 'string' },
  ...UTM_NAMES.map((key) => ({ key, label: key, type: 'string' })),
];

/** A click that Zapier shows before there is one. */
export const CLICK_SAMPLE = {
  id: '01JHMR6K5VYEMHRPR7WBC682WY',
  timestamp: '2025-01-15T10:30:00.123456Z',
  link_id: 12345,
  link_name: 'My Campaign Link',
  link_full_url: 'https://go.example.com/abc123',
  link_domain: 'go.example.com',
  link_slug: '/abc123',
  link_url: 'https://example.com/landing-page',
  destination: 'https://example.com/landing-page?utm_source=newsletter',
  country: 'US',
  is_eu_country: false,
  platform: 'desktop',
  browser_name: 'Chrome',
  is_bot: false,
  bot_name: null,
  referer: 'https://news.example.com/',
  isp: 'Example Network',
  utm_source: 'newsletter',
  utm_medium: null,
  utm_campaign: null,
  utm_term: null,
  utm_content: null,
  param_contact: '42',
};

const textOf = (value) => [value].flat().join(', ');

/** The campaign values of a click: the visitor's parameters, else those that the destination was given. */
function campaignOf({ params, destination }) {
  const given = URL.canParse(destination) ? new URL(destination).searchParams : new URLSearchParams();
  const own = (name) => (Object.hasOwn(params, name) ? [params[name]].flat()[0] : undefined);
  return Object.fromEntries(UTM_NAMES.map((name) => [name, own(name) || given.get(name) || null]));
}

/** A click as Zaps see it: one level of fields, with a field `param_…` for each query parameter. */
function flatClick({ timestamp, link, click, campaign }) {
  const { params, ...visit } = click;
  return {
    id: visit.id,
    timestamp,
    link_id: link.id,
    link_name: link.name,
    link_full_url: link.full_url,
    link_domain: link.domain,
    link_slug: link.slug,
    link_url: link.url,
    destination: visit.destination,
    country: visit.country,
    is_eu_country: visit.is_eu_country,
    platform: visit.platform,
    browser_name: visit.browser_name,
    is_bot: visit.bot_name !== null,
    bot_name: visit.bot_name,
    referer: visit.referer,
    isp: visit.isp,
    ...campaign,
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [`param_${name}`, textOf(value)])),
  };
}

/** The click of a webhook's payload. */
export const clickOfPayload = ({ timestamp, link, click }) =>
  flatClick({ timestamp, link, click, campaign: campaignOf(click) });

/**
 * The same click from an export. The export's referrer has no query, and long values may be cut off.
 * @param link the link of the click; `{id}` alone if it no longer exists
 */
export function clickOfExport(exported, link) {
  const { id, timestamp, country, platform, browser, bot, referer, isp, url, params } = exported;
  return flatClick({
    timestamp,
    link: { name: null, full_url: null, domain: null, slug: null, url: null, ...link },
    click: {
      id,
      country,
      is_eu_country: country === null ? null : EU_COUNTRIES.has(country),
      platform,
      browser_name: browser,
      bot_name: bot,
      referer,
      isp,
      destination: url,
      params,
    },
    campaign: Object.fromEntries(UTM_NAMES.map((name) => [name, exported[name]])),
  });
}

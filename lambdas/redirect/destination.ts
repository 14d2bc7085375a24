import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Link } from '../links/link.ts';
import { type RuleSubject, ruledUrl } from './rules.ts';

/** A parameter of a query, decoded; `text` is how it stood there. */
export type Parameter = { name: string; value: string; text: string };

/** The click's own query, out of the raw one. People paste a question mark too many: one at its beginning is none of it. */
export function queryOf({ rawQueryString }: Pick<APIGatewayProxyEventV2, 'rawQueryString'>): string {
  return rawQueryString.startsWith('?') ? rawQueryString.slice(1) : rawQueryString;
}

/** The parameters of a query, in order, with repeats. The gateway's own map would join those with commas. */
export function parameters(query: string): Parameter[] {
  const texts = query.split('&').filter(Boolean);
  return texts.map((text) => {
    // URLSearchParams would take a question mark at the beginning for none of the name.
    const [[name, value] = ['', '']] = new URLSearchParams(`?${text}`);
    return { name, value, text };
  });
}

const UTM_FIELDS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

function utmParameters(link: Link): Parameter[] {
  return UTM_FIELDS.flatMap((name) => {
    const value = link[name];
    return value === null
      ? []
      : [{ name, value, text: `${name}=${encodeURIComponent(value.toWellFormed())}` }];
  });
}

/** Adds parameters to a query; those of a name replace all earlier ones of that name. */
function merged(before: Parameter[], added: Parameter[]): Parameter[] {
  const names = new Set(added.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...added];
}

/** Longer ones do not fit into the headers that a gateway lets through. */
const MAX_LOCATION_LENGTH = 8_000;

function withParameters(href: string, added: Parameter[]): string {
  if (added.length === 0) return href;
  const url = new URL(href);
  const query = merged(parameters(url.search.slice(1)), added);
  const search = query.map(({ text }) => text).join('&');
  // With its question mark: the setter would take one at the beginning of the first name for it.
  url.search = search && `?${search}`;
  return url.href;
}

/**
 * Where a click goes: the url of the first rule that matches, else the link's own, with `utm_*` and, when the
 * link forwards them, the click's own parameters added. A forwarded parameter wins over the link's `utm_*` of
 * the same name, which wins over one in the url. Only the query ever depends on the request. Where all of it is
 * too long for a header, the click's parameters are left out first, then `utm_*`.
 * @param query the click's query, not decoded: what `queryOf` gives
 * @param random gives a number from 0 to below 1, once per click
 */
export function chooseDestination(
  link: Link,
  visitor: RuleSubject,
  query: string,
  random: () => number = Math.random,
): string {
  const { href } = new URL(ruledUrl(link, visitor, random()));
  const utm = utmParameters(link);
  const all = link.forward_params ? merged(utm, parameters(query)) : utm;
  for (const added of [all, utm]) {
    const destination = withParameters(href, added);
    if (destination.length <= MAX_LOCATION_LENGTH) return destination;
  }
  return href;
}

/** Whether a link is past its date, or deliver has seen its last click. */
export function isExpired(link: Link, nowEpochMs: number): boolean {
  return link.exhausted || (link.expiry_datetime !== null && Date.parse(link.expiry_datetime) <= nowEpochMs);
}

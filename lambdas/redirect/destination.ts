import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Link } from '../links/link.ts';
import { matchingRule, type RuleSubject } from './rules.ts';

/** A query parameter, decoded. `text` is the parameter as it was written. */
export type Parameter = { name: string; value: string; text: string };

/** The query of a click, without a second question mark that people sometimes paste in front of it. */
export function queryOf({ rawQueryString }: Pick<APIGatewayProxyEventV2, 'rawQueryString'>): string {
  return rawQueryString.startsWith('?') ? rawQueryString.slice(1) : rawQueryString;
}

/**
 * The parameters of a query, in order, with repeated names. The gateway's own map would join repeated values with
 * commas.
 */
export function parameters(query: string): Parameter[] {
  const texts = query.split('&').filter(Boolean);
  return texts.map((text) => {
    // URLSearchParams drops a leading question mark. It drops this added one, because the name may start with its own.
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

/** Adds parameters to a query. They replace all earlier parameters with the same name. */
function merged(before: Parameter[], added: Parameter[]): Parameter[] {
  const names = new Set(added.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...added];
}

/** A longer URL does not fit into the headers that the gateway accepts. */
const MAX_LOCATION_LENGTH = 8_000;

function withParameters(href: string, added: Parameter[]): string {
  if (added.length === 0) return href;
  const url = new URL(href);
  const query = merged(parameters(url.search.slice(1)), added);
  const search = query.map(({ text }) => text).join('&');
  // The setter drops a leading question mark. It drops this added one, because the first name may start with its own.
  url.search = search && `?${search}`;
  return url.href;
}

/** Where a click goes. `rule` is the rule that decided, counted from 1; null when the link's own URL did. */
export type Choice = { destination: string; rule: number | null };

/**
 * The destination of a click: the URL of the first rule that matches, else the link's own URL. `utm_*` are added, and
 * the click's parameters if the link forwards them. A forwarded parameter wins over a `utm_*` of the same name, which
 * wins over one in the URL. Only the query depends on the request. If the result is too long for a header, the click's
 * parameters are left out first, then `utm_*`.
 * @param query the click's query, not decoded: the result of `queryOf`
 * @param random returns a number from 0 to below 1; called once per click
 */
export function chooseDestination(
  link: Link,
  visitor: RuleSubject,
  query: string,
  random: () => number = Math.random,
): Choice {
  const index = matchingRule(link.rules, visitor, random());
  const rule = index < 0 ? null : index + 1;
  const { href } = new URL(link.rules[index]?.url ?? link.url);
  const utm = utmParameters(link);
  const all = link.forward_params ? merged(utm, parameters(query)) : utm;
  for (const added of [all, utm]) {
    const destination = withParameters(href, added);
    if (destination.length <= MAX_LOCATION_LENGTH) return { destination, rule };
  }
  return { destination: href, rule };
}

/** Whether a link's expiry date has passed, or deliver has counted its last click. */
export function isExpired(link: Link, nowEpochMs: number): boolean {
  return link.exhausted || (link.expiry_datetime !== null && Date.parse(link.expiry_datetime) <= nowEpochMs);
}

import { isIPv4 } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isFromEdge } from '../edge.ts';
import { ENV, requiredEnv } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import { isEuCountry, type Location } from './geo.ts';
import { describeUserAgent, UNKNOWN_AGENT, type UserAgent } from './user-agent/user-agent.ts';

/** Where a request came in and from whom, as far as that can be believed. It never leaves the redirect. */
export type Arrival = {
  /** The custom domain that was asked; null on a host of the stack's own. */
  domain: string | null;
  /** The visitor's address; empty when only the CDN's is known. */
  address: string;
  /** The CDN's word for the visitor's country, ISO 3166-1 alpha-2; null when there is none. */
  country: string | null;
};

/** `198.51.100.7:46532` and `2001:db8::1:46532` without the port, which stands behind the last colon. */
function withoutPort(viewerAddress = ''): string {
  return viewerAddress.slice(0, Math.max(viewerAddress.lastIndexOf(':'), 0)).replace(/^\[|\]$/g, '');
}

/** A country code as the CDN writes it; XX stands for one that it does not know. */
function knownCountry(code = ''): string | null {
  return /^[A-Z]{2}$/.test(code) && code !== 'XX' ? code : null;
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** Own are the default host, the API's generated one, and whatever can't be a custom domain: addresses, `localhost`. */
function isOwnHost(name: string, apiId: string): boolean {
  // No name has a colon. Node's own look for IPv6 is a pattern that takes 3 ms of a cold start.
  if (!name.includes('.') || name.includes(':') || isIPv4(name)) return true;
  return name === new URL(requiredEnv(ENV.baseUrl)).hostname || name.startsWith(`${apiId}.execute-api.`);
}

/** Reads where a request came in and from whom: from the CDN's headers when it proves to be ours, else from the socket. */
export function arrivalOf({ headers, requestContext }: APIGatewayProxyEventV2): Arrival {
  const edge = isFromEdge(headers);
  const host = hostName((edge && headers['x-forwarded-host']) || requestContext.domainName);
  return {
    domain: isOwnHost(host, requestContext.apiId) ? null : host,
    address: edge ? withoutPort(headers['cloudfront-viewer-address']) : requestContext.http.sourceIp,
    country: edge ? knownCountry(headers['cloudfront-viewer-country']) : null,
  };
}

/** Who clicked, as far as a click tells it. Never an address. */
export type Visitor = Location &
  UserAgent & {
    referer: string | null;
    /** The language that the visitor prefers, as sent: `en`, `pt-BR`. */
    language: string | null;
  };

const MAX_REFERER_LENGTH = 2_048;

/** The first language of an Accept-Language header with the highest weight. */
function preferredLanguage(header: string | undefined): string | null {
  const languages = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const weight = parameters.map((one) => /^\s*q=([\d.]+)/.exec(one)?.[1]).find(Boolean);
    return { tag: tag.trim(), weight: Number(weight ?? 1) };
  });
  const usable = languages.filter(({ tag, weight }) => /^[a-z]{2,3}(-[\w-]+)?$/i.test(tag) && weight > 0);
  return usable.sort((a, b) => b.weight - a.weight)[0]?.tag ?? null;
}

/** The CDN's word for the country, where there is one, before that of the data file. */
function withCdnCountry({ country }: Pick<Arrival, 'country'>, location: Location): Location {
  return country === null ? location : { ...location, country, is_eu_country: isEuCountry(country) };
}

const UNKNOWN_LOCATION: Location = { country: null, is_eu_country: null, isp: null };

/** What failed leaves its fields null, and is counted: no visitor is held up for it. */
function undescribed<T>(what: string, unknown: T): (error: unknown) => T {
  return (error) => {
    logger.error(`The ${what} of a visitor could not be described: its fields of the click are null`, {
      error: error as Error,
    });
    count('EnrichmentFailed');
    return unknown;
  };
}

/** A part of the description that is made at once. */
function part<T>(what: string, describe: () => T, unknown: T): T {
  try {
    return describe();
  } catch (error) {
    return undescribed(what, unknown)(error);
  }
}

/** Describes the visitor of a click from its headers and from where its address is. Never rejects. */
export async function describeVisitor(
  { headers }: Pick<APIGatewayProxyEventV2, 'headers'>,
  arrival: Pick<Arrival, 'country' | 'address'>,
  locate: (address: string) => Promise<Location>,
): Promise<Visitor> {
  const located = locate(arrival.address)
    .catch(undescribed('location', UNKNOWN_LOCATION))
    .then((location) => withCdnCountry(arrival, location));
  const agent = part('user agent', () => describeUserAgent(headers['user-agent']), UNKNOWN_AGENT);
  const language = part('language', () => preferredLanguage(headers['accept-language']), null);
  const referer = part('referrer', () => headers.referer?.slice(0, MAX_REFERER_LENGTH) || null, null);
  return { ...(await located), ...agent, referer, language };
}

/** Whether the visitor's browser asks not to be tracked by a Global Privacy Control signal. */
export function asksForPrivacy({ headers }: APIGatewayProxyEventV2): boolean {
  return headers['sec-gpc']?.trim() === '1';
}

/** The visitor as far as a webhook may know them when privacy was asked for. */
export function withPrivacy(visitor: Visitor): Visitor {
  return { ...visitor, country: null, is_eu_country: null, isp: null, referer: null };
}

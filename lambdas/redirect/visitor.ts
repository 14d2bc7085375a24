import { isIPv4 } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isFromEdge } from '../edge.ts';
import { ENV, requiredEnv } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import { isEuCountry, type Location } from './geo.ts';
import { describeCommonBrowser, UNKNOWN_AGENT, type UserAgent } from './user-agent/common-browsers.ts';

/** The domain of a request and where it came from, according to trusted sources. It never leaves the redirect. */
export type Arrival = {
  /** The custom domain of the request; null on one of the stack's own hosts. */
  domain: string | null;
  /** The visitor's IP address; empty when only the CDN's address is known. */
  address: string;
  /** The visitor's country according to the CDN, ISO 3166-1 alpha-2; null when the CDN sends none. */
  country: string | null;
};

/** `198.51.100.7:46532` and `2001:db8::1:46532` without the port, which follows the last colon. */
function withoutPort(viewerAddress = ''): string {
  return viewerAddress.slice(0, Math.max(viewerAddress.lastIndexOf(':'), 0)).replace(/^\[|\]$/g, '');
}

/** A country code of the CDN; null for XX, which means unknown, and for anything that is not a code. */
function knownCountry(code = ''): string | null {
  return /^[A-Z]{2}$/.test(code) && code !== 'XX' ? code : null;
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** Whether a host is the stack's own: the default one, the API's generated one, an address, or `localhost`. */
function isOwnHost(name: string, apiId: string): boolean {
  // No host name contains a colon. Node's own check for IPv6 compiles a pattern, which takes 3 ms of a cold start.
  if (!name.includes('.') || name.includes(':') || isIPv4(name)) return true;
  return name === new URL(requiredEnv(ENV.baseUrl)).hostname || name.startsWith(`${apiId}.execute-api.`);
}

/**
 * Reads the domain, address and country of a request. The CDN's headers count only when the request proves that it came
 * through our CDN. Otherwise the connection counts.
 */
export function arrivalOf({ headers, requestContext }: APIGatewayProxyEventV2): Arrival {
  const edge = isFromEdge(headers);
  const host = hostName((edge && headers['x-forwarded-host']) || requestContext.domainName);
  return {
    domain: isOwnHost(host, requestContext.apiId) ? null : host,
    address: edge ? withoutPort(headers['cloudfront-viewer-address']) : requestContext.http.sourceIp,
    country: edge ? knownCountry(headers['cloudfront-viewer-country']) : null,
  };
}

/** Describes who clicked, as far as the request shows it. Never contains an IP address. */
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

/** The location with the CDN's country, which wins over that of the data file. */
function withCdnCountry({ country }: Pick<Arrival, 'country'>, location: Location): Location {
  return country === null ? location : { ...location, country, is_eu_country: isEuCountry(country) };
}

const UNKNOWN_LOCATION: Location = { country: null, is_eu_country: null, isp: null };

/** Logs and counts a part that could not be described. Its fields are null, and no visitor waits for it. */
function undescribed<T>(what: string, unknown: T): (error: unknown) => T {
  return (error) => {
    logger.error(`The ${what} of a visitor could not be described. Its fields are null in the click.`, {
      error: error as Error,
    });
    count('EnrichmentFailed');
    return unknown;
  };
}

/** A part of the description that is known without waiting. */
function part<T>(what: string, describe: () => T, unknown: T): T {
  try {
    return describe();
  } catch (error) {
    return undescribed(what, unknown)(error);
  }
}

/** Loads the parsers, a file of their own in the bundle, only for a User-Agent that needs them. */
async function agentOf(headers: APIGatewayProxyEventV2['headers']): Promise<UserAgent> {
  const header = headers['user-agent'];
  const common = header === undefined ? UNKNOWN_AGENT : describeCommonBrowser(header);
  if (common !== null) return common;
  const { describeUserAgent } = await import('./user-agent/user-agent.ts');
  return describeUserAgent(header);
}

/** Describes the visitor of a click from its headers and the location of its address. Never rejects. */
export async function describeVisitor(
  { headers }: Pick<APIGatewayProxyEventV2, 'headers'>,
  arrival: Pick<Arrival, 'country' | 'address'>,
  locate: (address: string) => Promise<Location>,
): Promise<Visitor> {
  const located = locate(arrival.address)
    .catch(undescribed('location', UNKNOWN_LOCATION))
    .then((location) => withCdnCountry(arrival, location));
  const agent = agentOf(headers).catch(undescribed('user agent', UNKNOWN_AGENT));
  const language = part('language', () => preferredLanguage(headers['accept-language']), null);
  const referer = part('referrer', () => headers.referer?.slice(0, MAX_REFERER_LENGTH) || null, null);
  return { ...(await located), ...(await agent), referer, language };
}

/** Whether the visitor's browser asks for privacy with the Global Privacy Control signal. */
export function asksForPrivacy({ headers }: APIGatewayProxyEventV2): boolean {
  return headers['sec-gpc']?.trim() === '1';
}

/** What webhooks may know about a visitor when privacy was asked for. */
export function withPrivacy(visitor: Visitor): Visitor {
  return { ...visitor, country: null, is_eu_country: null, isp: null, referer: null };
}

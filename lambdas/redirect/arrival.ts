import { isIPv4 } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isFromEdge } from '../edge.ts';
import { ENV, requiredEnv } from '../env.ts';

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

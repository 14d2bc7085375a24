import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { EDGE_SECRET_HEADER } from '../lambdas/edge.ts';
import type { HttpEntry } from './http-api.ts';
import type { Settings } from './settings.ts';

export type CdnProps = { http: HttpEntry; settings: Settings; edgeSecret: string };

/**
 * Runs in CloudFront for every request. The API only knows its own host, so the visitor's host is sent in another
 * header. A value that the visitor sent in that header is overwritten.
 */
export const COPY_HOST = `function handler(event) {
  var request = event.request;
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  return request;
}
`;

/**
 * What the API receives in addition to the visitor's headers. Headers that CloudFront adds, and Authorization, are
 * passed on only if they are part of the cache key. With them in the key, nothing is shared between visitors.
 */
const KEY_HEADERS = [
  'Authorization',
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-Country',
  'X-Forwarded-Host',
];

/**
 * Errors that CloudFront would otherwise cache for ten seconds regardless of their headers. A link must work as soon as
 * it is created.
 */
const ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/**
 * CloudFront in front of the API: HTTP/3 and TLS near visitors, and custom domains as alternative names of the
 * distribution.
 */
export class Cdn extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, { http, settings, edgeSecret }: CdnProps) {
    super(scope, 'Cdn');
    const { domain, certificateArn, customDomains } = settings;
    const named = domain &&
      certificateArn && {
        domainNames: [domain, ...customDomains],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      };
    const copyHost = new EdgeFunction(this, 'CopyHost', {
      code: FunctionCode.fromInline(COPY_HOST),
      runtime: FunctionRuntime.JS_2_0,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Clickhook',
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...named,
      defaultBehavior: {
        origin: this.origin(http, edgeSecret),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: this.keepNothing(),
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        functionAssociations: [{ function: copyHost, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      errorResponses: ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
  }

  private origin({ api }: HttpEntry, edgeSecret: string): HttpOrigin {
    const { region, urlSuffix } = Stack.of(this);
    return new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      customHeaders: { [EDGE_SECRET_HEADER]: edgeSecret },
    });
  }

  /**
   * Caches only responses that allow it, for at most a second. Redirects and pages say no-store. A policy that caches
   * nothing cannot have a cache key, and would not pass on the headers in it.
   */
  private keepNothing(): CachePolicy {
    return new CachePolicy(this, 'KeepNothing', {
      comment: 'Clickhook: nothing is shared between visitors',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.seconds(1),
      headerBehavior: CacheHeaderBehavior.allowList(...KEY_HEADERS),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
    });
  }
}

import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** What a test sets of a request. Everything else has an ordinary value. */
export type RequestOptions = {
  method?: string;
  /** Decoded, as the gateway passes it on. */
  path?: string;
  /** Raw, without the question mark. */
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  pathParameters?: Record<string, string>;
  sourceIp?: string;
  /** Milliseconds since 1970. */
  timeEpoch?: number;
};

/** An HTTP API event of payload version 2.0. Absent fields are left out, as in a real one. */
export function httpEvent({
  method = 'GET',
  path = '/',
  query = '',
  headers = {},
  body,
  isBase64Encoded = false,
  pathParameters,
  sourceIp = '198.51.100.7',
  timeEpoch = Date.UTC(2025, 0, 15, 10, 30, 0, 789),
}: RequestOptions = {}): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'links.example.com', ...headers },
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'links.example.com',
      domainPrefix: 'links',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '15/Jan/2025:10:30:00 +0000',
      timeEpoch,
    },
    isBase64Encoded,
    ...(body === undefined ? {} : { body }),
    ...(pathParameters ? { pathParameters } : {}),
  };
}

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { resourcesOf, type Template, TYPE } from './template.ts';

/** Why the gateway itself answered, and not the function: the text of its response and the function's error. */
export type GatewayError = { responseType: string; message: string; integrationMessage: string };

/** What a response adds to the variables of its request. `error` is missing if the response is the function's. */
export type Answered = { status: number; bytes: number; latencyMs: number; error?: GatewayError | undefined };

/** The access log variables of a request that an HTTP API knows. Unknown ones are `-`. */
function variables({ requestContext, headers }: APIGatewayProxyEventV2, answered: Answered) {
  const { http, requestId, routeKey, time, domainName } = requestContext;
  return new Map<string, unknown>([
    ['requestId', requestId],
    ['requestTime', time],
    ['routeKey', routeKey],
    ['domainName', domainName],
    ['httpMethod', http.method],
    ['path', http.path],
    ['protocol', http.protocol],
    ['identity.sourceIp', http.sourceIp],
    ['identity.userAgent', headers['user-agent']],
    ['status', answered.status],
    ['responseLength', answered.bytes],
    ['responseLatency', answered.latencyMs],
    ['error.responseType', answered.error?.responseType],
    ['error.message', answered.error?.message],
    ['error.messageString', answered.error && `"${answered.error.message}"`],
    ['integrationErrorMessage', answered.error?.integrationMessage],
    ['integration.error', answered.error?.integrationMessage],
    // Lambda itself responds 200 even when the function fails.
    ['integrationStatus', 200],
  ]);
}

/**
 * Returns the function that writes the access log line of a request as the template's stage describes it; undefined
 * when the stage logs nothing. The gateway does not escape values, so they are inserted unchanged.
 */
export function accessLogLine(
  template: Template,
): ((event: APIGatewayProxyEventV2, answered: Answered) => string) | undefined {
  const [stage] = resourcesOf(template, TYPE.stage);
  const settings = stage?.properties.AccessLogSettings as { Format?: string } | undefined;
  const format = settings?.Format;
  if (format === undefined) return undefined;
  return (event, answered) => {
    const known = variables(event, answered);
    return format.replaceAll(/\$context\.([\w.]+)/g, (_match, name: string) =>
      String(known.get(name) ?? '-'),
    );
  };
}

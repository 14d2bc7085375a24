import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { resourcesOf, type Template, TYPE } from './template.ts';

/** Why the gateway answered in place of the function: the text of its answer and the function's error. */
export type GatewayError = { responseType: string; message: string; integrationMessage: string };

/** What an answer adds to what its request says; `error` is missing where the answer is the function's. */
export type Answered = { status: number; bytes: number; latencyMs: number; error?: GatewayError | undefined };

/** The variables of an access log that an HTTP API knows of a request; those that it does not are `-`. */
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
    // Lambda itself answers 200 whatever becomes of the function.
    ['integrationStatus', 200],
  ]);
}

/**
 * Gives the line that the template's stage would log of a request; undefined where it logs nothing. Values stand in it as
 * they are, because the gateway escapes nothing.
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

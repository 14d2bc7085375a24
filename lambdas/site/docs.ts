import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { apiAnswer, clientErrorAnswer } from '../api/answer.ts';
import { closedAddress } from '../edge.ts';
import { notFound } from '../errors.ts';
import { openApiDocument } from './openapi.ts';
import { viewerAnswer } from './viewer.ts';

const DOCUMENT_PATH = '/api/v1/openapi.json';

// Made at the first request for it, and kept as long as the function instance.
let document: ReturnType<typeof openApiDocument> | undefined;

/** Serves the document of the REST API, and below /docs a page that shows it. Open to everybody. */
export async function handler({
  rawPath,
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = closedAddress(headers);
  if (closed) return clientErrorAnswer(closed);
  if (rawPath === DOCUMENT_PATH) {
    document ??= openApiDocument();
    return apiAnswer({ status: 200, body: document, headers: { 'access-control-allow-origin': '*' } });
  }
  const name = rawPath.replace(/^\/docs\/?/, '');
  return (await viewerAnswer(name, headers['accept-encoding'])) ?? clientErrorAnswer(notFound());
}

import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { counters, series, export as singleClicks } from '../../../lambdas/clicks/handlers.ts';
import { KEY } from '../engine-table.ts';
import { httpEvent } from '../http-event.ts';

type Parameters = Record<string, string>;
/** An answer of a report: its text, and the value if it is JSON. */
export type ReportAnswer = {
  status: number;
  type: string;
  text: string;
  body: any;
  headers: Record<string, unknown>;
};

async function ask(
  handler: (event: any, context: any) => Promise<unknown>,
  parameters: Parameters,
  { key = KEY, counter = '' } = {},
): Promise<ReportAnswer> {
  const event = httpEvent({
    query: new URLSearchParams(parameters).toString(),
    pathParameters: { counter },
    headers: { authorization: `Bearer ${key}` },
  });
  const answer = (await handler(event, {})) as APIGatewayProxyStructuredResultV2;
  const type = String(answer.headers?.['content-type']);
  const text = answer.body ?? '';
  const body = type.includes('json') ? JSON.parse(text) : undefined;
  return { status: answer.statusCode ?? 0, type, text, body, headers: answer.headers ?? {} };
}

/** Asks for clicks by time, with these parameters of the query. */
export const askSeries = (parameters: Parameters = {}, key?: string) =>
  ask(series, parameters, key ? { key } : {});
/** Asks for a counter. */
export const askCounter = (counter: string, parameters: Parameters = {}, key = KEY) =>
  ask(counters, parameters, { key, counter });
/** Asks for single clicks. */
export const askExport = (parameters: Parameters = {}, key?: string) =>
  ask(singleClicks, parameters, key ? { key } : {});

/** All parts of an export, and how many there were. */
export async function wholeExport(parameters: Parameters): Promise<{ clicks: any[]; parts: number }> {
  const clicks: any[] = [];
  let cursor: string | undefined;
  let parts = 0;
  do {
    const { body, headers } = await askExport({ ...parameters, ...(cursor ? { cursor } : {}) });
    clicks.push(...body);
    cursor = headers['x-next-cursor'] as string | undefined;
    parts++;
  } while (cursor);
  return { clicks, parts };
}

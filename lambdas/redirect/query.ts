import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A parameter of a query, decoded; `text` is how it stood there. */
export type Parameter = { name: string; value: string; text: string };

/** The click's own query, out of the raw one. People paste a question mark too many: one at its beginning is none of it. */
export function queryOf({ rawQueryString }: Pick<APIGatewayProxyEventV2, 'rawQueryString'>): string {
  return rawQueryString.startsWith('?') ? rawQueryString.slice(1) : rawQueryString;
}

/** The parameters of a query, in order, with repeats. The gateway's own map would join those with commas. */
export function parameters(query: string): Parameter[] {
  const texts = query.split('&').filter(Boolean);
  return texts.map((text) => {
    // URLSearchParams would take a question mark at the beginning for none of the name.
    const [[name, value] = ['', '']] = new URLSearchParams(`?${text}`);
    return { name, value, text };
  });
}

import { request } from 'node:http';

/** A visit of a short link, apart from its path. */
export type VisitOptions = {
  method?: string;
  /** The Host header: the requested domain. */
  host?: string;
  headers?: Record<string, string>;
  /** The source address, one of this machine such as 127.9.8.7. */
  from?: string;
  /** Sent as a form. */
  form?: Record<string, string>;
};

export type VisitAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/**
 * Opens a path of a stack as a visitor does, from any loopback address and for any host, without following redirects.
 */
export function visit(
  origin: string,
  path: string,
  { method, host, headers = {}, from, form }: VisitOptions = {},
): Promise<VisitAnswer> {
  const body = form && new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      origin + path,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(from ? { localAddress: from } : {}),
        headers: {
          ...(host ? { host } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      },
    );
    outgoing.on('error', reject).end(body);
  });
}

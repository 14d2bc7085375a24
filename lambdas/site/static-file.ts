import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV } from '../env.ts';

/** The folder of the built dashboard in the function's bundle. */
export const DASHBOARD_FOLDER = 'app';

/**
 * The encodings in which bundling compresses every static file, the smallest first, with the endings of the file names.
 */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** A static file of the function's bundle, and what the visitor's browser accepts. */
export type StaticFile = {
  /** The folder in the bundle, and the file in it. */
  folder: string;
  name: string;
  type: string;
  /** The Accept-Encoding header. Every browser accepts gzip. */
  accepted: string | undefined;
  headers?: Record<string, string>;
};

/**
 * Responds with a static file, compressed as it is in the bundle.
 * @throws when the bundle has no such file
 */
export async function staticFile({
  folder,
  name,
  type,
  accepted = '',
  headers = {},
}: StaticFile): Promise<APIGatewayProxyStructuredResultV2> {
  const encoding = /\bbr\b/.test(accepted) ? 'br' : 'gzip';
  const bytes = await readFile(join(process.env[ENV.taskRoot] ?? '', folder, name + ENCODINGS[encoding]));
  return {
    statusCode: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-encoding': encoding,
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV } from '../env.ts';

/** The folder of the built dashboard in the function's bundle. */
export const DASHBOARD_FOLDER = 'app';

/** How bundling has compressed every static file, the smallest first: the endings of the files' names. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** A static file of the function's bundle, as the visitor's browser can read it. */
export type StaticFile = {
  /** Folder in the bundle, and the file in it. */
  folder: string;
  name: string;
  type: string;
  /** The Accept-Encoding header; every browser takes gzip. */
  accepted: string | undefined;
  headers?: Record<string, string>;
};

/**
 * Answers with a static file, compressed as it lies in the bundle.
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

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Link } from '../links/link.ts';
import { passwordPage } from './link-pages.ts';
import { checkPassword, WINDOW_SECONDS } from './password.ts';
import { unavailablePage } from './status-pages.ts';

type Answer = APIGatewayProxyStructuredResultV2;

/** Whether a request is a form that was sent. */
export function isForm({ requestContext }: APIGatewayProxyEventV2): boolean {
  return requestContext.http.method === 'POST';
}

/**
 * The same address again, for GET: what a form leads to that has no question to answer. A POST alone is never a
 * click, so that no webhook can click a link.
 */
export function openAgain(shortUrl: string, { rawQueryString }: APIGatewayProxyEventV2): Answer {
  const url = new URL(shortUrl);
  url.search = rawQueryString;
  return {
    statusCode: 303,
    headers: { location: url.pathname + url.search, 'cache-control': 'private, no-store' },
  };
}

async function answerForm(link: Link, hash: string, event: APIGatewayProxyEventV2): Promise<Answer | null> {
  switch (await checkPassword(link.id, hash, event)) {
    case 'right':
      return null;
    case 'wrong':
      return passwordPage(403, 'That was not the password. Try again.');
    case 'too-many':
      return passwordPage(
        429,
        `There were too many wrong passwords. Try again in ${WINDOW_SECONDS / 60} minutes.`,
        { 'retry-after': String(WINDOW_SECONDS) },
      );
    case 'unknown':
      return unavailablePage();
  }
}

/** What stands between a visitor and a link with a password; null lets them pass. */
export async function askPassword(link: Link, event: APIGatewayProxyEventV2): Promise<Answer | null> {
  if (link.password_hash === null) return null;
  return isForm(event) ? answerForm(link, link.password_hash, event) : passwordPage(200, null);
}

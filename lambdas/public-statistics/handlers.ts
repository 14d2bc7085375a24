import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { apiAnswer, clientErrorAnswer } from '../api/answer.ts';
import { serviceErrorAnswer } from '../api/service-errors.ts';
import { rejectDirectAccess } from '../edge.ts';
import { ENV, requiredEnv } from '../env.ts';
import { ClientError, invalidFields } from '../errors.ts';
import { fullUrl } from '../links/link.ts';
import type { LinkAddress } from '../links/link-items.ts';
import { slugOfPath } from '../links/slug.ts';
import { html } from '../redirect/html.ts';
import { notFoundPage, textPage, unavailablePage } from '../redirect/pages.ts';
import { arrivalOf } from '../redirect/visitor.ts';
import { identifyLogs } from '../telemetry.ts';
import { STATISTICS_PAGE_PATH } from './address.ts';
import type { Statistics } from './endpoints.ts';
import { statisticsPage } from './page.ts';
import { statisticsOf } from './statistics.ts';

type Answer = APIGatewayProxyStructuredResultV2;

/** Shared by browsers and proxies: the answer is the same for everyone. */
const FOR_A_MINUTE = { 'cache-control': 'public, max-age=60' };
const IN_A_MINUTE = { 'retry-after': '60' };

/** How statistics and errors are answered: as data or as a page. */
type Form = {
  statistics: (statistics: Statistics, address: LinkAddress) => Answer;
  clientError: (error: ClientError) => Answer;
  serviceError: (error: unknown, requestId: string) => Answer;
};

const DATA: Form = {
  // Any website may read what anyone may see.
  statistics: (body) =>
    apiAnswer({ status: 200, body, headers: { ...FOR_A_MINUTE, 'access-control-allow-origin': '*' } }),
  clientError: (error) => clientErrorAnswer(error, error.status === 503 ? IN_A_MINUTE : {}),
  serviceError: (error, requestId) => serviceErrorAnswer(error, { requestId, writes: false }),
};

const PAGE: Form = {
  statistics: (statistics, { domain, slug }) =>
    statisticsPage(statistics, slug, fullUrl({ domain, slug }, requiredEnv(ENV.baseUrl)), FOR_A_MINUTE),
  clientError: ({ status, message }) =>
    status === 503
      ? textPage(503, 'No statistics right now', html`<p>${message}</p>`, IN_A_MINUTE)
      : notFoundPage(),
  serviceError: (error, requestId) => {
    serviceErrorAnswer(error, { requestId, writes: false });
    return unavailablePage();
  },
};

/** The address that a request asks about: the slug is in the query, with or without its first slash. */
function addressOf(event: APIGatewayProxyEventV2): LinkAddress {
  const slug = new URLSearchParams(event.rawQueryString).get('slug');
  if (!slug) throw invalidFields({ slug: ['is missing. Send the slug of the link, such as /sale'] });
  return { domain: arrivalOf(event).domain, slug: slugOfPath(slug.startsWith('/') ? slug : `/${slug}`) };
}

/** The public statistics of a link, as data or as a page. Open to everyone. */
export async function statistics(event: APIGatewayProxyEventV2, context?: Context): Promise<Answer> {
  const { requestId } = event.requestContext;
  identifyLogs(context, requestId);
  const form = event.rawPath === STATISTICS_PAGE_PATH ? PAGE : DATA;
  try {
    const closed = rejectDirectAccess(event.headers);
    if (closed) return clientErrorAnswer(closed);
    const address = addressOf(event);
    return form.statistics(await statisticsOf(address), address);
  } catch (error) {
    return error instanceof ClientError ? form.clientError(error) : form.serviceError(error, requestId);
  }
}

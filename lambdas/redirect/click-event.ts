import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  CLICK_MESSAGE_VERSION,
  type ClickMessage,
  type ClickParams,
  clickedLink,
  clickTimestamp,
} from '../clicks/click.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { parameters, queryOf } from './query.ts';
import type { Visitor } from './visitor.ts';

/** The click's own query parameters. */
export function clickParams(query: string): ClickParams {
  const values = Map.groupBy(parameters(query), ({ name }) => name);
  // fromEntries makes own properties of any name, `__proto__` included.
  return Object.fromEntries(
    [...values].map(([name, all]) => {
      const [first = '', ...more] = all.map(({ value }) => value);
      return [name, more.length > 0 ? [first, ...more] : first];
    }),
  );
}

/** The message that a click becomes: the finished webhook payload and the ids that deliver needs. */
export function clickMessage(
  event: APIGatewayProxyEventV2,
  link: Link,
  visitor: Visitor,
  destination: string,
  baseUrl: string,
): ClickMessage {
  return {
    version: CLICK_MESSAGE_VERSION,
    click_id: randomUUID(),
    link_id: link.id,
    workspace_id: link.workspace_id,
    expiry_clicks: link.expiry_clicks,
    counted: true,
    payload: {
      event: 'click',
      timestamp: clickTimestamp(event.requestContext.timeEpoch),
      link: clickedLink(link, fullUrl(link, baseUrl), destination),
      click: clickDetails(event, visitor, destination),
    },
  };
}

function clickDetails(
  event: APIGatewayProxyEventV2,
  visitor: Visitor,
  destination: string,
): ClickMessage['payload']['click'] {
  const { country, is_eu_country, platform, browser_name, referer, isp, bot_name } = visitor;
  return {
    country,
    is_eu_country,
    platform,
    browser_name,
    referer,
    isp,
    bot_name,
    destination,
    params: clickParams(queryOf(event)),
  };
}

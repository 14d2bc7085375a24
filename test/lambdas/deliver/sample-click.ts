import type { SQSEvent } from 'aws-lambda';
import {
  CLICK_MESSAGE_VERSION,
  type ClickDetails,
  type ClickMessage,
  clickedLink,
} from '../../../lambdas/clicks/click.ts';
import { ulidOf } from '../../../lambdas/clicks/identity.ts';
import { sampleLink } from '../sample-link.ts';

/** The id of click number `number`, in the millisecond of its timestamp. */
const idOf = (number: number) =>
  ulidOf(Date.UTC(2025, 0, 15, 10, 30, 0, 123), Buffer.from(String(number).padStart(20, '0'), 'hex'));

/** A click with its own number, on link 12345 of workspace 1 at /sale. `fields` override the defaults. */
export function click(number = 1, fields: Partial<ClickMessage> = {}): ClickMessage {
  const destination = 'https://example.com/landing-page';
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id: 12345,
    workspace_id: 1,
    expiry_clicks: null,
    counted: true,
    rule: null,
    payload: {
      event: 'click',
      timestamp: '2025-01-15T10:30:00.123456Z',
      link: clickedLink(sampleLink(), 'https://links.example.com/sale', destination),
      click: {
        id: idOf(number),
        country: null,
        is_eu_country: null,
        platform: 'desktop',
        browser_name: 'Chrome',
        referer: null,
        isp: null,
        bot_name: null,
        destination,
        params: { n: String(number) },
      },
    },
    ...fields,
  };
}

/** A click on a link at go.example.com with a click limit, by a person unless a bot is named. */
export function clickOn(
  link_id = 12345,
  expiry_clicks: number | null = null,
  {
    bot_name = null,
    timestamp = '2025-01-15T10:30:00.123456Z',
  }: { bot_name?: string | null; timestamp?: string } = {},
): ClickMessage {
  const destination = 'https://example.com/';
  const link = clickedLink(
    sampleLink({ id: link_id, domain: 'go.example.com' }),
    'https://go.example.com/sale',
    destination,
  );
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id,
    workspace_id: 1,
    expiry_clicks,
    counted: true,
    rule: null,
    payload: { event: 'click', timestamp, link, click: { id: idOf(1), bot_name } as ClickDetails },
  };
}

/** An event with these bodies, one message each. A text is sent unchanged. */
export function batch(...bodies: unknown[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  return { Records } as SQSEvent;
}

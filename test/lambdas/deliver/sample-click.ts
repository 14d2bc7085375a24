import type { SQSEvent } from 'aws-lambda';
import {
  CLICK_MESSAGE_VERSION,
  type ClickDetails,
  type ClickMessage,
  clickedLink,
} from '../../../lambdas/clicks/click.ts';
import { sampleLink } from '../sample-link.ts';

/** A click with its own number, on link 12345 of workspace 1 at /sale. `fields` override the defaults. */
export function click(number = 1, fields: Partial<ClickMessage> = {}): ClickMessage {
  const destination = 'https://example.com/landing-page';
  return {
    version: CLICK_MESSAGE_VERSION,
    click_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    link_id: 12345,
    workspace_id: 1,
    expiry_clicks: null,
    counted: true,
    payload: {
      event: 'click',
      timestamp: '2025-01-15T10:30:00Z',
      link: clickedLink(sampleLink(), 'https://links.example.com/sale', destination),
      click: {
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
    timestamp = '2025-01-15T10:30:00Z',
  }: { bot_name?: string | null; timestamp?: string } = {},
): ClickMessage {
  const destination = 'https://example.com/';
  const link = clickedLink(
    sampleLink({ id: link_id, domain: 'go.example.com' }),
    'https://go.example.com/sale',
    destination,
  );
  return {
    version: 1,
    click_id: '00000000-0000-4000-8000-000000000001',
    link_id,
    workspace_id: 1,
    expiry_clicks,
    counted: true,
    payload: { event: 'click', timestamp, link, click: { bot_name } as ClickDetails },
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

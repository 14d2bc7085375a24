import {
  CLICK_MESSAGE_VERSION,
  type ClickedLink,
  type ClickMessage,
  clickedLink,
  samplePayload,
} from '../clicks/click.ts';
import { newClickIdentity } from '../clicks/identity.ts';
import { ENV, requiredEnv } from '../env.ts';
import { fullUrl, LINK_DEFAULTS, type Link } from '../links/link.ts';

/** The made-up link of a workspace's sample click. No link has the id 0, so only the workspace's webhooks receive it. */
const SAMPLE_LINK = { id: 0, name: 'Sample link', url: 'https://example.com/', slug: '/sample' };

/**
 * A sample click, which is delivered but not counted: on a link with its real fields, or on a made-up link for the
 * webhooks of a workspace.
 */
export function sampleClick(workspace_id: number, link?: Link): ClickMessage {
  const clicked: Omit<ClickedLink, 'full_url' | 'destination'> = link ?? {
    ...LINK_DEFAULTS,
    ...SAMPLE_LINK,
    workspace_id,
  };
  const address = fullUrl(clicked, requiredEnv(ENV.baseUrl));
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id: clicked.id,
    workspace_id,
    expiry_clicks: null,
    counted: false,
    rule: null,
    payload: samplePayload(clickedLink(clicked, address, clicked.url), newClickIdentity()),
  };
}

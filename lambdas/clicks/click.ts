import type { Rule } from '../links/link.ts';

/** Version of the message between redirect and deliver; a consumer drops versions it does not know. */
export const CLICK_MESSAGE_VERSION = 1;

/** The link as webhooks see it; names and order are those of the documented payload. */
export type ClickedLink = {
  id: number;
  name: string | null;
  url: string;
  full_url: string;
  domain: string | null;
  slug: string;
  destination: string;
  workspace_id: number;
  enabled: boolean;
  cloaking: boolean;
  forward_params: boolean;
  block_bots: boolean;
  public_analytics: boolean;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  utm_term: string | null;
  utm_content: string | null;
  og_title: string | null;
  og_description: string | null;
  og_image: string | null;
  rules: Rule[];
};

/** Query parameters of a click: a name that repeats holds all its values, in order. */
export type ClickParams = Record<string, string | string[]>;

/** What is known of the visitor and of where they went. Never an address. */
export type ClickDetails = {
  country: string | null;
  is_eu_country: boolean | null;
  platform: string | null;
  browser_name: string | null;
  referer: string | null;
  isp: string | null;
  bot_name: string | null;
  destination: string;
  params: ClickParams;
};

/** The body of every webhook POST. `timestamp` is UTC, ISO 8601, whole seconds. */
export type ClickPayload = {
  event: 'click';
  timestamp: string;
  link: ClickedLink;
  click: ClickDetails;
};

/** UTC with whole seconds, as in the documented payload. */
export function clickTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The webhook's view of a link on the way to `destination`. */
export function clickedLink(
  link: Omit<ClickedLink, 'full_url' | 'destination'>,
  fullUrl: string,
  destination: string,
): ClickedLink {
  return {
    id: link.id,
    name: link.name,
    url: link.url,
    full_url: fullUrl,
    domain: link.domain,
    slug: link.slug,
    destination,
    workspace_id: link.workspace_id,
    enabled: link.enabled,
    cloaking: link.cloaking,
    forward_params: link.forward_params,
    block_bots: link.block_bots,
    public_analytics: link.public_analytics,
    utm_source: link.utm_source,
    utm_medium: link.utm_medium,
    utm_campaign: link.utm_campaign,
    utm_term: link.utm_term,
    utm_content: link.utm_content,
    og_title: link.og_title,
    og_description: link.og_description,
    og_image: link.og_image,
    rules: link.rules,
  };
}

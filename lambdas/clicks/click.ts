import { type Link, PAYLOAD_FIELDS, type PayloadField } from '../links/link.ts';

/** Version of the message between redirect and deliver; a consumer drops versions it does not know. */
export const CLICK_MESSAGE_VERSION = 1;

/** The link as webhooks see it. */
export type ClickedLink = Pick<Link, 'id' | 'workspace_id' | PayloadField> & {
  full_url: string;
  destination: string;
};

/** What stands behind a field of the link in the documented payload. */
const FOLLOWING: Partial<Record<PayloadField, (keyof ClickedLink)[]>> = {
  url: ['full_url'],
  slug: ['destination', 'workspace_id'],
};
/** Every name of the link in the payload, in the documented order. */
const CLICKED_NAMES = Object.fromEntries(
  ['id', ...PAYLOAD_FIELDS.flatMap((name) => [name, ...(FOLLOWING[name] ?? [])])].map((name) => [name, null]),
);

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

/** The webhook's view of a link on the way to `destination`, in the order of the documented payload. */
export function clickedLink(
  link: Omit<ClickedLink, 'full_url' | 'destination'>,
  fullUrl: string,
  destination: string,
): ClickedLink {
  const { id, workspace_id } = link;
  const clicked: Record<string, unknown> = {
    ...CLICKED_NAMES,
    id,
    full_url: fullUrl,
    destination,
    workspace_id,
  };
  for (const name of PAYLOAD_FIELDS) clicked[name] = link[name];
  return clicked as ClickedLink;
}

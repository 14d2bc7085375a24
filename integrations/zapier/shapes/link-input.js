const text = (key, label, helpText) => ({ key, label, type: 'string', required: false, helpText });
const flag = (key, label, helpText) => ({ key, label, type: 'boolean', required: false, helpText });

/** The destination, which only a new link needs. */
export const urlField = (required) => ({
  key: 'url',
  label: 'Destination',
  type: 'string',
  required,
  placeholder: 'https://example.com/landing-page',
  helpText: 'A full URL that starts with https:// or http://.',
});

/** What else a user can set on a link. The names are those of the API. */
export const OPTIONAL_FIELDS = [
  text('name', 'Name', 'A name for your own lists.'),
  text(
    'slug',
    'Slug',
    'The path of the short link, such as `/sale`. A new link without one gets a random slug.',
  ),
  text(
    'domain',
    'Domain',
    'A custom domain of your workspace. A new link without one is on the default host.',
  ),
  { ...text('note', 'Note', 'A note for yourself.'), type: 'text' },
  text('utm_source', 'utm_source', 'Added to the destination.'),
  text('utm_medium', 'utm_medium', 'Added to the destination.'),
  text('utm_campaign', 'utm_campaign', 'Added to the destination.'),
  text('utm_term', 'utm_term', 'Added to the destination.'),
  text('utm_content', 'utm_content', 'Added to the destination.'),
  flag('enabled', 'Enabled', 'Whether the short link works. When it is off, visitors see a 404 page.'),
  flag('forward_params', 'Forward parameters', 'Adds the query parameters of the click to the destination.'),
  flag('block_bots', 'Block bots', 'Bots see a 404 page instead of the destination.'),
  flag(
    'public_analytics',
    'Public statistics',
    'Shows the statistics to anyone, at the short link plus a `+`.',
  ),
  text('og_title', 'Preview title', 'The title of the preview in social networks and chats.'),
  text('og_description', 'Preview text', 'The text of the preview in social networks and chats.'),
  text('og_image', 'Preview image', 'The URL of the image of the preview.'),
  {
    ...text('expiry_datetime', 'Expires at', 'When the link expires.'),
    type: 'datetime',
  },
  {
    ...text(
      'expiry_clicks',
      'Expires after clicks',
      'The number of clicks by people after which the link expires.',
    ),
    type: 'integer',
  },
  text('expiry_destination', 'Destination after expiry', 'Where an expired link leads.'),
];

const NAMES = ['url', ...OPTIONAL_FIELDS.map(({ key }) => key)];

/** The fields that a user has filled in. Zapier sends blank ones as empty texts, or leaves them out. */
export function filledIn(inputData) {
  const filled = NAMES.filter((name) => ![undefined, null, ''].includes(inputData[name]));
  return Object.fromEntries(filled.map((name) => [name, inputData[name]]));
}

/** The fields of a link as Zaps see it. The API returns more, such as rules, which are lists. */
export const LINK_FIELDS = [
  { key: 'id', label: 'Link ID', type: 'integer' },
  { key: 'name', label: 'Name', type: 'string' },
  { key: 'full_url', label: 'Short Link', type: 'string' },
  { key: 'url', label: 'Destination', type: 'string' },
  { key: 'domain', label: 'Domain', type: 'string' },
  { key: 'slug', label: 'Slug', type: 'string' },
  { key: 'note', label: 'Note', type: 'string' },
  { key: 'enabled', label: 'Is Enabled', type: 'boolean' },
  { key: 'utm_source', label: 'utm_source', type: 'string' },
  { key: 'utm_medium', label: 'utm_medium', type: 'string' },
  { key: 'utm_campaign', label: 'utm_campaign', type: 'string' },
  { key: 'utm_term', label: 'utm_term', type: 'string' },
  { key: 'utm_content', label: 'utm_content', type: 'string' },
  { key: 'expiry_datetime', label: 'Expires at', type: 'datetime' },
  { key: 'expiry_clicks', label: 'Expires after Clicks', type: 'integer' },
  { key: 'expiry_destination', label: 'Destination after Expiry', type: 'string' },
  { key: 'inserted_at', label: 'Created at', type: 'datetime' },
  { key: 'updated_at', label: 'Changed at', type: 'datetime' },
];

/** A link that Zapier shows before there is one. */
export const LINK_SAMPLE = {
  id: 12345,
  name: 'My Campaign Link',
  full_url: 'https://go.example.com/abc123',
  url: 'https://example.com/landing-page',
  domain: null,
  slug: '/abc123',
  note: null,
  enabled: true,
  utm_source: 'newsletter',
  utm_medium: null,
  utm_campaign: null,
  utm_term: null,
  utm_content: null,
  expiry_datetime: null,
  expiry_clicks: null,
  expiry_destination: null,
  inserted_at: '2025-01-15T10:30:00Z',
  updated_at: '2025-01-15T10:30:00Z',
};

/** A link as Zaps see it: one level of fields. */
export const flatLink = (link) => Object.fromEntries(LINK_FIELDS.map(({ key }) => [key, link[key]]));

/** Narrows the list of links below it. Zapier sends it when it fills that list. */
export const SEARCH_FIELD = {
  key: 'link_search',
  label: 'Search links',
  type: 'string',
  required: false,
  altersDynamicFields: true,
  helpText:
    'If you have many links, enter a part of the name, the slug or the destination. Then refresh the list below.',
};

/** The choice of a link, from a list with pages. */
export const linkField = (helpText) => ({
  key: 'link_id',
  label: 'Link',
  type: 'integer',
  required: true,
  dynamic: 'link_choices.id.label',
  search: 'find_link.id',
  helpText,
});

import { listLinks } from '../api/link-list.js';
import { flatLink, LINK_FIELDS, LINK_SAMPLE } from '../shapes/link.js';

/** The most links that one request returns. A longer list is read page by page. */
const PAGE_SIZE = 1_000;

const decoded = (path) => {
  try {
    return decodeURI(path);
  } catch {
    // A percent sign that encodes nothing: no slug has one, so nothing is found.
    return path;
  }
};

/** A short link or a slug as the API searches for it: `/sale`. */
function slugOf(value) {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return decoded(new URL(value).pathname);
  return value.startsWith('/') ? value : `/${value}`;
}

const hrefOf = (value) => (URL.canParse(value) ? new URL(value).href : value);
const sameHost = (one, other) => new URL(one).host === new URL(other).host;

/** For each way to find a link: the text that the API searches for, and which of its results are meant. */
const WAYS = {
  short_link: {
    label: 'Short link or slug',
    search: slugOf,
    matches: (link, value) =>
      link.slug === slugOf(value) && (!/^https?:\/\//i.test(value) || sameHost(link.full_url, value)),
  },
  name: { label: 'Name', search: (value) => value, matches: (link, value) => link.name === value },
  url: { label: 'Destination', search: hrefOf, matches: (link, value) => link.url === hrefOf(value) },
  text: {
    label: 'Any text in name, slug or destination',
    search: (value) => value,
    matches: () => true,
  },
};

/** The newest link that matches, or nothing. */
async function perform(z, bundle) {
  const { find_by, value } = bundle.inputData;
  const { search, matches } = WAYS[find_by] ?? WAYS.short_link;
  const wanted = String(value ?? '').trim();
  if (wanted === '') return [];
  for (let page = 1; ; page++) {
    const list = await listLinks(z, bundle, { page, pageSize: PAGE_SIZE, search: search(wanted) });
    const found = list.links.find((link) => matches(link, wanted));
    if (found) return [flatLink(found)];
    if (page >= list.total_pages) return [];
  }
}

/** Finds a link. */
export const findLink = {
  key: 'find_link',
  noun: 'Link',
  display: { label: 'Find Link', description: 'Finds a short link by its address, name or destination.' },
  operation: {
    inputFields: [
      {
        key: 'find_by',
        label: 'Find by',
        type: 'string',
        required: true,
        default: 'short_link',
        choices: Object.fromEntries(Object.entries(WAYS).map(([way, { label }]) => [way, label])),
        helpText:
          'All ways except the last look for exactly the value. If several links match, the newest is found.',
      },
      {
        key: 'value',
        label: 'Value',
        type: 'string',
        required: true,
        helpText: 'Such as `https://go.example.com/sale` or `/sale` for a short link.',
      },
    ],
    perform,
    sample: LINK_SAMPLE,
    outputFields: LINK_FIELDS,
  },
};

/** Finds a link, and creates it if there is none. */
export const findOrCreateLink = {
  key: 'find_link',
  display: {
    label: 'Find or Create Link',
    description: 'Finds a short link by its address, name or destination, or creates one.',
  },
  search: 'find_link',
  create: 'create_link',
};

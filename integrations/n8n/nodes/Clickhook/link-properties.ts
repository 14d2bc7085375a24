import type { INodeProperties } from 'n8n-workflow';
import { linkField } from './choose-link.ts';

const show = (...operations: string[]) => ({ resource: ['link'], operation: operations });

/** The fields of a link that people set most, by the names of the API, in alphabetical order of what they read. */
const FIELDS: INodeProperties[] = [
  {
    displayName: 'Custom Domain',
    name: 'domain',
    type: 'string',
    default: '',
    placeholder: 'go.example.com',
  },
  {
    displayName: 'Enabled',
    name: 'enabled',
    type: 'boolean',
    default: true,
    description: 'Whether the short link works. When it is off, visitors see a 404 page.',
  },
  {
    displayName: 'Expiry Clicks',
    name: 'expiry_clicks',
    type: 'number',
    default: 1000,
    description: 'The number of clicks by people after which the link expires',
  },
  {
    displayName: 'Expiry Destination',
    name: 'expiry_destination',
    type: 'string',
    default: '',
    description: 'Where visitors go after the link has expired',
  },
  {
    displayName: 'Expiry Time',
    name: 'expiry_datetime',
    type: 'dateTime',
    default: '',
    description: 'When the link expires. A time without a zone is in UTC.',
  },
  {
    displayName: 'Forward Parameters',
    name: 'forward_params',
    type: 'boolean',
    default: false,
    description: 'Whether the parameters of a click are added to the destination',
  },
  {
    displayName: 'Name',
    name: 'name',
    type: 'string',
    default: '',
    description: 'A name for your own lists',
  },
  { displayName: 'Note', name: 'note', type: 'string', default: '' },
  {
    displayName: 'Public Statistics',
    name: 'public_analytics',
    type: 'boolean',
    default: false,
    description: 'Whether anyone can see the statistics at the address plus "+"',
  },
  {
    displayName: 'Slug',
    name: 'slug',
    type: 'string',
    default: '',
    placeholder: '/sale',
    description: 'The path of the short link. A new link without one gets a random slug.',
  },
  { displayName: 'UTM Campaign', name: 'utm_campaign', type: 'string', default: '' },
  { displayName: 'UTM Content', name: 'utm_content', type: 'string', default: '' },
  { displayName: 'UTM Medium', name: 'utm_medium', type: 'string', default: '' },
  { displayName: 'UTM Source', name: 'utm_source', type: 'string', default: '' },
  { displayName: 'UTM Term', name: 'utm_term', type: 'string', default: '' },
];

const DESTINATION: INodeProperties = {
  displayName: 'Destination URL',
  name: 'url',
  type: 'string',
  default: '',
  placeholder: 'https://example.com/landing-page',
  description: 'Where the link leads',
};

/** What a person enters about links. */
export const LINK_PROPERTIES: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['link'] } },
    options: [
      { name: 'Create', value: 'create', action: 'Create a link', description: 'Create a short link' },
      { name: 'Delete', value: 'delete', action: 'Delete a link', description: 'Move a link to the trash' },
      { name: 'Get', value: 'get', action: 'Get a link', description: 'Get a link with its webhooks' },
      {
        name: 'Get Many',
        value: 'getAll',
        action: 'Get many links',
        description: 'Get links with their numbers of clicks',
      },
      { name: 'Update', value: 'update', action: 'Update a link', description: 'Change fields of a link' },
    ],
    default: 'create',
  },
  linkField(show('get', 'update', 'delete')),
  { ...DESTINATION, required: true, displayOptions: { show: show('create') } },
  {
    displayName: 'Additional Fields',
    name: 'additionalFields',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    displayOptions: { show: show('create') },
    options: FIELDS,
  },
  {
    displayName: 'Update Fields',
    name: 'updateFields',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    displayOptions: { show: show('update') },
    options: [DESTINATION, ...FIELDS],
  },
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    displayOptions: { show: show('getAll') },
    options: [
      {
        displayName: 'In the Trash',
        name: 'deleted',
        type: 'boolean',
        default: false,
        description: 'Whether to return the links in the trash instead',
      },
      {
        displayName: 'Search',
        name: 'search',
        type: 'string',
        default: '',
        description: 'A text in the name, the URL or the slug',
      },
    ],
  },
];

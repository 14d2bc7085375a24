import type { INodeProperties } from 'n8n-workflow';
import { linkField } from './choose-link.ts';

const show = (...operations: string[]) => ({ resource: ['click'], operation: operations });

/** What a breakdown counts by, in alphabetical order of what people read. */
const COUNTERS = [
  { name: 'Ad Network', value: 'ad_network' },
  { name: 'Bot', value: 'bot_name' },
  { name: 'Browser', value: 'browser' },
  { name: 'Country', value: 'country' },
  { name: 'Destination', value: 'destination' },
  { name: 'Internet Provider', value: 'isp' },
  { name: 'Link', value: 'link_id' },
  { name: 'Parameter', value: 'top_params' },
  { name: 'Platform', value: 'platform' },
  { name: 'Referrer', value: 'referer' },
  { name: 'Rule', value: 'rule' },
  { name: 'UTM Campaign', value: 'utm_campaign' },
  { name: 'UTM Content', value: 'utm_content' },
  { name: 'UTM Medium', value: 'utm_medium' },
  { name: 'UTM Source', value: 'utm_source' },
  { name: 'UTM Term', value: 'utm_term' },
];

const FILTERS: INodeProperties[] = [
  {
    displayName: 'Bots',
    name: 'bots',
    type: 'options',
    default: 'exclude',
    options: [
      { name: 'Count Too', value: 'include' },
      { name: 'Leave Out', value: 'exclude' },
      { name: 'Only Bots', value: 'only' },
    ],
  },
  { displayName: 'Country', name: 'country', type: 'string', default: '', placeholder: 'DE' },
  {
    displayName: 'First Day',
    name: 'start',
    type: 'string',
    default: '',
    placeholder: '2027-01-01',
    description: '30 days ago by default',
  },
  {
    displayName: 'Last Day',
    name: 'end',
    type: 'string',
    default: '',
    placeholder: '2027-01-31',
    description: 'Today by default. When you get many clicks, yesterday.',
  },
  { displayName: 'Platform', name: 'platform', type: 'string', default: '', placeholder: 'ios' },
  {
    displayName: 'Time Zone',
    name: 'timezone',
    type: 'string',
    default: 'UTC',
    placeholder: 'Europe/Berlin',
    description: 'The time zone of the days and hours',
  },
  { displayName: 'UTM Campaign', name: 'utm_campaign', type: 'string', default: '' },
  { displayName: 'UTM Source', name: 'utm_source', type: 'string', default: '' },
];

/** What a person enters about clicks. */
export const CLICK_PROPERTIES: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['click'] } },
    options: [
      {
        name: 'Get Breakdown',
        value: 'getBreakdown',
        action: 'Get a breakdown of clicks',
        description: 'Count clicks by country, platform, referrer and more',
      },
      {
        name: 'Get Many',
        value: 'getAll',
        action: 'Get many clicks',
        description: 'Get single clicks, oldest first',
      },
      {
        name: 'Get Series',
        value: 'getSeries',
        action: 'Get a series of clicks',
        description: 'Count clicks by day or hour',
      },
    ],
    default: 'getSeries',
  },
  {
    displayName: 'Clicks Of',
    name: 'clicksOf',
    type: 'options',
    displayOptions: { show: { resource: ['click'] } },
    options: [
      { name: 'All Links', value: 'workspace' },
      { name: 'One Link', value: 'link' },
    ],
    default: 'workspace',
  },
  linkField({ resource: ['click'], clicksOf: ['link'] }),
  {
    displayName: 'Count By',
    name: 'counter',
    type: 'options',
    displayOptions: { show: show('getBreakdown') },
    options: COUNTERS,
    default: 'country',
  },
  {
    displayName: 'Frequency',
    name: 'frequency',
    type: 'options',
    displayOptions: { show: show('getSeries') },
    options: [
      { name: 'Day', value: 'day' },
      { name: 'Hour', value: 'hour' },
    ],
    default: 'day',
  },
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    displayOptions: { show: { resource: ['click'] } },
    options: FILTERS,
  },
];

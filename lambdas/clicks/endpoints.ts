import * as z from 'zod';
import { entity, type ItemGrant, json, READ_LINKS } from '../api/endpoint.ts';
import { countersAnswer, exportedClick, seriesAnswer } from './answers.ts';
import { countersSchema, exportSchema, seriesSchema } from './fields.ts';

/** A report reads clicks and summaries, and stores summaries. */
export const REPORT_GRANTS: ItemGrant[] = [
  { actions: ['Query'], keys: ['CLICK#*', 'DAYS#*'] },
  { actions: ['GetItem', 'PutItem'], keys: ['DAYS#*'] },
];
/** Reads the names and addresses of links. */
const NAME_LINKS: ItemGrant = { actions: ['BatchGetItem'], keys: ['LINK#*', 'SLUG#*'] };

/** A report of a million clicks is one processor's work for seconds. With this memory Lambda gives a whole one. */
export const REPORT_MEMORY_MB = 1_769;

const SPAN =
  'Days and hours are those of `timezone`. Without `start` and `end`, the report is about the last 30 days and today.';

/** Looking at recorded clicks. */
export const clicks = entity({
  folder: 'clicks',
  prefix: 'Clicks',
  endpoints: {
    series: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/clicks': {
          operationId: 'getClicks',
          summary: 'Count clicks by day or hour',
        },
      },
      description: 'Counts clicks by day or hour',
      grants: [NAME_LINKS],
      clickItems: REPORT_GRANTS,
      memorySize: REPORT_MEMORY_MB,
      timeoutSeconds: 29,
      reference: {
        tag: 'Clicks',
        description: `Returns every day or hour of the span in ascending order, also those without clicks. ${SPAN} If there are too many clicks to count at once, the answer is a 422 with the code \`span_too_large\` that says which days fit.`,
        query: seriesSchema,
        queryExample: { frequency: 'day', timezone: 'Europe/Berlin' },
        answers: { 200: { description: 'The clicks', json: seriesAnswer, text: 'text/csv' } },
      },
    },
    counters: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/clicks/counters/{counter}': {
          operationId: 'getClickCounters',
          summary: 'Count clicks by country, platform, referrer and more',
        },
      },
      description: 'Counts clicks by their country, platform, referrer and more',
      grants: [NAME_LINKS],
      clickItems: REPORT_GRANTS,
      memorySize: REPORT_MEMORY_MB,
      timeoutSeconds: 29,
      reference: {
        tag: 'Clicks',
        description: `Returns the values of a counter with the numbers of their clicks, the largest first. ${SPAN} Counters are \`link_id\`, \`country\`, \`platform\`, \`browser\` (also as \`browser_name\`), \`bot_name\`, \`referer\` (the host of the referrer), \`isp\`, \`destination\`, \`rule\`, \`ad_network\`, \`top_params\`, \`utm_source\`, \`utm_medium\`, \`utm_campaign\`, \`utm_content\` and \`utm_term\`. A click can have several parameters, and \`total\` counts each; values of over 32 characters are counted together. Cities, regions and addresses are never stored, so asking for them is a 422.`,
        query: countersSchema,
        answers: { 200: { description: 'The counts', json: countersAnswer, text: 'text/csv' } },
      },
    },
    export: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/clicks/export': {
          operationId: 'exportClicks',
          summary: 'Export single clicks as JSON or CSV',
        },
      },
      description: 'Exports the clicks of a workspace',
      grants: [NAME_LINKS],
      clickItems: [{ actions: ['Query'], keys: ['CLICK#*'] }],
      memorySize: REPORT_MEMORY_MB,
      timeoutSeconds: 29,
      reference: {
        tag: 'Clicks',
        description:
          'Returns single clicks, oldest first, by default until yesterday. When the answer has the header `x-next-cursor`, send its value as `cursor`, with the same other parameters, to get the next part. A part can be shorter than `page_size`, and even empty.',
        query: exportSchema,
        queryExample: { format: 'json' },
        answers: { 200: { description: 'The clicks', json: z.array(exportedClick), text: 'text/csv' } },
      },
    },
    erase: {
      routes: {
        'DELETE /api/v1/link/{link_id}/clicks': {
          operationId: 'deleteClicks',
          summary: 'Delete the recorded clicks of a link',
        },
      },
      description: 'Deletes the recorded clicks of a link',
      grants: [READ_LINKS],
      clickItems: [
        { actions: ['Query', 'BatchWriteItem'], keys: ['CLICK#*', 'DAYS#*'] },
        { actions: ['UpdateItem'], keys: ['DAYS#*'] },
      ],
      memorySize: REPORT_MEMORY_MB,
      timeoutSeconds: 29,
      reference: {
        tag: 'Clicks',
        description:
          'Deletes what the log keeps of the clicks of a link, for good. The numbers of clicks in lists stay, because click limits need them. If `complete` is false, there were too many clicks for one call: send it again until it is true.',
        answers: {
          200: json(
            'How many clicks are deleted',
            z.object({
              deleted: z.int().describe('The number of clicks that this call deleted'),
              complete: z.boolean().describe('Whether all clicks of the link are deleted'),
            }),
          ),
        },
      },
    },
  },
});

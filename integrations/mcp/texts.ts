/** What we say or decide by hand about an operation. Everything else is in the OpenAPI document. */
export type OperationText = {
  /** The name of the tool. Default: the id of the operation in snake case. */
  name?: string;
  /** What people read. Default: the summary in the document. */
  title?: string;
  /** What agents read, instead of the description in the document. */
  description?: string;
  /** Arguments that the tool does not have. */
  omit?: string[];
  /** Arguments that the tool requires, in addition to those that the API requires. */
  required?: string[];
  /** Values that are sent when an agent gives none. */
  defaults?: Record<string, string | number>;
  /** Whether the call only adds. Default: that of a POST. */
  destructive?: boolean;
};

/** The tags whose operations are tools, except those below. */
export const TAGS = ['Links', 'Webhooks', 'Clicks'];

/** Operations with other tags that agents need to use these. */
export const FURTHER_OPERATIONS = ['getWorkspace', 'listDomains'];

const ANOTHER_PATH = 'Another path to a call that is a tool';
const NOT_FOR_AGENTS = 'Shows or replaces a secret, which must not be in a conversation';

/** Operations that are not tools, and why. */
export const LEFT_OUT: Record<string, string> = {
  saveLinks: ANOTHER_PATH,
  saveLinksOfKey: ANOTHER_PATH,
  listWorkspaceLinks: ANOTHER_PATH,
  getLinkByOldPath: ANOTHER_PATH,
  deleteLinkWebhookByUrl: ANOTHER_PATH,
  deleteWorkspaceWebhookByUrl: ANOTHER_PATH,
  deleteLinks: 'One link at a time is safer',
  exportLinks: 'The list of links has the same data',
  deleteClicks: 'Cannot be undone',
  getSigningSecret: NOT_FOR_AGENTS,
  rotateSigningSecret: NOT_FOR_AGENTS,
  deleteSigningSecret: NOT_FOR_AGENTS,
  getPublicStatistics: 'The reports of the workspace say more',
};

const PEOPLE_ONLY = 'To leave out bots, set `bots` to `exclude`.';

/** Our texts, by the id of the operation. */
export const TEXTS: Record<string, OperationText> = {
  saveLink: {
    name: 'create_link',
    title: 'Create a link',
    description:
      'Creates a short link. Only `url`, the destination, is required. Without `slug`, Clickhook chooses one. The answer has the short URL in `full_url` and the id that other tools need in `id`.',
    omit: ['id', 'deleted'],
    required: ['url'],
  },
  updateLink: {
    description: 'Changes the fields of a link that you send. The others stay as they are.',
    omit: ['id'],
  },
  listLinks: {
    description:
      'Lists the links of the workspace with their numbers of clicks. Use it to find the id of a link: `search` looks in names, URLs and slugs.',
    defaults: { page_size: 50 },
  },
  deleteLink: {
    description:
      'Moves a link to the trash. It stops redirecting. restore_links brings it back within 30 days.',
  },
  createLinkWebhook: {
    name: 'add_link_webhook',
    description:
      'Adds a webhook to a link: the URL receives one POST for each click on the link. Adding the same URL again changes nothing.',
  },
  createWorkspaceWebhook: {
    name: 'add_workspace_webhook',
    description:
      'Adds a webhook to the workspace: the URL receives one POST for each click on any of its links. Adding the same URL again changes nothing.',
  },
  deleteLinkWebhook: {
    description: 'Deletes a webhook of a link. list_link_webhooks has its `hook_id`.',
    omit: ['url'],
  },
  deleteWorkspaceWebhook: {
    description: 'Deletes a webhook of the workspace. list_workspace_webhooks has its `hook_id`.',
    omit: ['url'],
  },
  getClicks: {
    name: 'count_clicks',
    description: `Counts clicks by day or hour, of the whole workspace or of the links in \`link_id\` or \`link_ids\`. Without \`start\` and \`end\`: the last 30 days and today. ${PEOPLE_ONLY}`,
    omit: ['format', 'unique'],
  },
  getClickCounters: { name: 'count_clicks_by', omit: ['format', 'unique'] },
  exportClicks: {
    name: 'list_clicks',
    title: 'List single clicks',
    description: `Lists single clicks, oldest first: time, link, country, platform, browser, referrer, parameters and the destination's rule. Ends yesterday unless you set \`end\`. If the answer has \`next_cursor\`, send it as \`cursor\` with the same other arguments to read on. ${PEOPLE_ONLY}`,
    omit: ['format', 'unique'],
    defaults: { page_size: 100 },
  },
};

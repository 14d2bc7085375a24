import type { ClickMessage } from '../../clicks/click.ts';
import { type ClickText, clickText } from './click-text.ts';
import { discordMessage } from './discord.ts';
import { googleChatMessage } from './google-chat.ts';
import { slackMessage, slackTriggerKeys } from './slack.ts';
import { teamsMessage } from './teams.ts';

/** The format of a delivery's body. `json` is the payload. */
export type BodyFormat = 'json' | 'slack' | 'slack-trigger' | 'discord' | 'teams' | 'google-chat';

/** A chat tool that accepts only messages in its own format. */
type Receiver = {
  name: string;
  format: Exclude<BodyFormat, 'json'>;
  /** The page that says how to set it up, from the root of the repository. */
  recipe: string;
  /** Hosts of its webhooks. One that starts with a dot stands for all names below it. */
  hosts: string[];
  path: RegExp;
  write: (text: ClickText) => object;
};

/** Every receiver that gets a message of its own. All others get the payload. */
export const RECEIVERS: Receiver[] = [
  {
    name: 'Slack',
    format: 'slack',
    recipe: 'docs/recipes/slack.md',
    hosts: ['hooks.slack.com'],
    path: /^\/services\/./,
    write: slackMessage,
  },
  {
    name: 'Slack workflows',
    format: 'slack-trigger',
    recipe: 'docs/recipes/slack.md#start-a-workflow',
    hosts: ['hooks.slack.com'],
    path: /^\/triggers\/./,
    write: slackTriggerKeys,
  },
  {
    name: 'Discord',
    format: 'discord',
    recipe: 'docs/recipes/discord.md',
    hosts: ['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com'],
    // With these suffixes, Discord reads the formats of Slack and GitHub.
    path: /^\/api\/webhooks\/(?!.*\/(?:slack|github)\/?$)./,
    write: discordMessage,
  },
  {
    name: 'Microsoft Teams',
    format: 'teams',
    recipe: 'docs/recipes/teams.md',
    hosts: ['.logic.azure.com', '.environment.api.powerplatform.com'],
    path: /^\//,
    write: teamsMessage,
  },
  {
    name: 'Google Chat',
    format: 'google-chat',
    recipe: 'docs/recipes/google-chat.md',
    hosts: ['chat.googleapis.com'],
    path: /^\/v1\/spaces\/./,
    write: googleChatMessage,
  },
];

/** The query parameter of a webhook's URL that chooses the format. It is never sent. */
export const FORMAT_PARAMETER = 'clickhook_format';

/** The values of the query parameter. The keys of a workflow are not among them: they depend on Slack's own host. */
export const CHOSEN_FORMATS = [
  'slack',
  'discord',
  'teams',
  'google-chat',
  'json',
] as const satisfies BodyFormat[];

const isChosen = (value: string | null): value is (typeof CHOSEN_FORMATS)[number] =>
  (CHOSEN_FORMATS as readonly (string | null)[]).includes(value);

/** The chat tool that a webhook's URL belongs to, whatever format it asks for. */
export function receiverOf({ protocol, hostname, pathname }: URL): Receiver | undefined {
  if (protocol !== 'https:') return undefined;
  const name = hostname.replace(/\.$/, '');
  return RECEIVERS.find(
    ({ hosts, path }) =>
      hosts.some((host) => (host.startsWith('.') ? name.endsWith(host) : name === host)) &&
      path.test(pathname),
  );
}

/** The format in which a webhook's URL receives clicks: the one that it asks for, or that of its receiver. */
export function formatOf(url: URL): BodyFormat {
  const chosen = url.searchParams.get(FORMAT_PARAMETER);
  return isChosen(chosen) ? chosen : (receiverOf(url)?.format ?? 'json');
}

/**
 * What is wrong with the format that a webhook's URL asks for, as a sentence that follows the name of the field;
 * undefined when nothing is.
 */
export function formatProblem(url: URL): string | undefined {
  const asked = url.searchParams.getAll(FORMAT_PARAMETER);
  if (asked.length === 0 || (asked.length === 1 && isChosen(asked[0] ?? null))) return undefined;
  return `may contain ${FORMAT_PARAMETER} once, with one of these values: ${CHOSEN_FORMATS.join(', ')}`;
}

/**
 * The query that is sent to a webhook: that of its URL without the format. The rest keeps its spelling, because
 * receivers may compare it.
 */
export function sentQuery({ search, searchParams }: URL): string {
  if (!searchParams.has(FORMAT_PARAMETER)) return search;
  const others = search
    .slice(1)
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has(FORMAT_PARAMETER));
  return others.length === 0 ? '' : `?${others.join('&')}`;
}

/** The body of a click in the format of a chat tool. */
export function writeMessage(format: Exclude<BodyFormat, 'json'>, click: ClickMessage): string {
  const receiver = RECEIVERS.find((one) => one.format === format);
  return JSON.stringify(receiver?.write(clickText(click)));
}

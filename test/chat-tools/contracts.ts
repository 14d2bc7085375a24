import type { BodyFormat } from '../../lambdas/deliver/messages/receivers.ts';
import type { Contract } from './contract.ts';
import { discordContract } from './discord.ts';
import { googleChatContract } from './google-chat.ts';
import { slackContract, slackTriggerContract } from './slack.ts';
import { teamsContract } from './teams.ts';

/** What each chat tool accepts, by the format of its messages. */
export const CONTRACTS: Record<Exclude<BodyFormat, 'json'>, Contract> = {
  slack: slackContract,
  'slack-trigger': slackTriggerContract,
  discord: discordContract,
  teams: teamsContract,
  'google-chat': googleChatContract,
};

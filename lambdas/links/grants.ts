import { type ItemGrant, READ_LINKS } from '../api/endpoint.ts';

// What functions of several endpoints may do with links.

/** Reads the counts of many links. */
export const LIST_COUNTS: ItemGrant = { actions: ['BatchGetItem'], keys: ['LINK#*'] };
/** Items that count links: the workspace, and the domain that they are on. */
const COUNT_LINKS: ItemGrant = { actions: ['UpdateItem'], keys: ['DOMAIN#*', 'WORKSPACE#*'] };
/** Moves links to the trash, and back. */
export const TRASH_LINKS: ItemGrant[] = [
  READ_LINKS,
  { actions: ['Query'], keys: ['LINK#*'] },
  { actions: ['PutItem', 'DeleteItem'], keys: ['SLUG#*'] },
  { actions: ['UpdateItem'], keys: ['LINK#*'] },
  COUNT_LINKS,
];
/** Reads other links that a link leads to. */
export const READ_DESTINATIONS: ItemGrant = { actions: ['BatchGetItem'], keys: ['SLUG#*'] };
/** Changes links in every way. */
export const CHANGE_LINKS: ItemGrant[] = [
  READ_LINKS,
  { actions: ['PutItem', 'DeleteItem'], keys: ['LINK#*', 'SLUG#*'] },
  { actions: ['GetItem'], keys: ['DOMAIN#*'] },
  COUNT_LINKS,
  READ_DESTINATIONS,
  { actions: ['Query', 'UpdateItem'], keys: ['LINK#*'] },
];

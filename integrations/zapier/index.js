import zapier from 'zapier-platform-core';
import { authentication } from './authentication.js';
import { createLink } from './creates/create-link.js';
import { updateLink } from './creates/update-link.js';
import packageJson from './package.json' with { type: 'json' };
import { findLink, findOrCreateLink } from './searches/find-link.js';
import { linkChoices } from './triggers/link-choices.js';
import { newClickInWorkspace, newClickOnLink } from './triggers/new-click.js';
import { newLink } from './triggers/new-link.js';

const byKey = (...parts) => Object.fromEntries(parts.map((part) => [part.key, part]));

/** The definition of the Zapier app: what Zapier shows, and the functions that it calls. */
export default {
  version: packageJson.version,
  platformVersion: zapier.version,
  flags: { cleanInputData: false },
  authentication,
  triggers: byKey(newClickOnLink, newClickInWorkspace, newLink, linkChoices),
  creates: byKey(createLink, updateLink),
  searches: byKey(findLink),
  searchOrCreates: byKey(findOrCreateLink),
};

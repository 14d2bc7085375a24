import { listLinks } from '../api/link-list.js';
import { flatLink, LINK_FIELDS, LINK_SAMPLE } from '../shapes/link.js';

/** The newest links first. Zapier starts the Zap with those whose id it has not seen. */
async function perform(z, bundle) {
  const { links } = await listLinks(z, bundle);
  return links.map(flatLink);
}

/** Starts a Zap with each new link. Clickhook sends no event for this, so Zapier asks every few minutes. */
export const newLink = {
  key: 'new_link',
  noun: 'Link',
  display: {
    label: 'New Link',
    description: 'Triggers when a short link is created in your workspace.',
  },
  operation: { type: 'polling', perform, sample: LINK_SAMPLE, outputFields: LINK_FIELDS },
};

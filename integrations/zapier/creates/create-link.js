import { call } from '../api/call.js';
import { flatLink, LINK_FIELDS, LINK_SAMPLE } from '../shapes/link.js';
import { filledIn, OPTIONAL_FIELDS, urlField } from '../shapes/link-input.js';

const perform = async (z, bundle) =>
  flatLink(await call(z, bundle, '/link', { method: 'POST', body: filledIn(bundle.inputData) }));

/** Creates a link. */
export const createLink = {
  key: 'create_link',
  noun: 'Link',
  display: { label: 'Create Link', description: 'Creates a short link.' },
  operation: {
    inputFields: [urlField(true), ...OPTIONAL_FIELDS],
    perform,
    sample: LINK_SAMPLE,
    outputFields: LINK_FIELDS,
  },
};

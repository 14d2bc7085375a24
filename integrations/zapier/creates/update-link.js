import { call } from '../api/call.js';
import { flatLink, LINK_FIELDS, LINK_SAMPLE, linkField, SEARCH_FIELD } from '../shapes/link.js';
import { filledIn, OPTIONAL_FIELDS, urlField } from '../shapes/link-input.js';

async function perform(z, bundle) {
  const { link_id } = bundle.inputData;
  // The API creates a link if the id is blank. A user who maps an empty field wants no new link.
  if (!/^\d+$/.test(String(link_id ?? '').trim())) {
    throw new z.errors.Error('Link must be the id of a link, which is a number.', 'invalid_input');
  }
  const body = { ...filledIn(bundle.inputData), id: Number(link_id) };
  return flatLink(await call(z, bundle, '/link', { method: 'POST', body }));
}

/** Changes the fields of a link that the user has filled in. */
export const updateLink = {
  key: 'update_link',
  noun: 'Link',
  display: {
    label: 'Update Link',
    description: 'Changes a short link. Fields that you leave empty stay as they are.',
  },
  operation: {
    inputFields: [SEARCH_FIELD, linkField('The short link to change.'), urlField(false), ...OPTIONAL_FIELDS],
    perform,
    sample: LINK_SAMPLE,
    outputFields: LINK_FIELDS,
  },
};

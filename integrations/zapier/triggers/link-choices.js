import { listLinks } from '../api/link-list.js';
import { LINK_SAMPLE } from '../shapes/link.js';

const labelOf = ({ name, full_url }) => {
  const short = full_url.replace(/^https?:\/\//, '');
  return name === null ? short : `${name} (${short})`;
};

/** A page of links for the list in which a user chooses one. Zapier counts pages from 0. */
async function perform(z, bundle) {
  const page = (bundle.meta.page ?? 0) + 1;
  const { links } = await listLinks(z, bundle, { page, search: bundle.inputData.link_search });
  return links.map((link) => ({ id: link.id, label: labelOf(link) }));
}

/** The list of links in other fields. Users do not see it as a trigger. */
export const linkChoices = {
  key: 'link_choices',
  noun: 'Link',
  display: {
    label: 'List of Links',
    description: 'Fills the lists in which users choose a link.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    canPaginate: true,
    perform,
    sample: { id: LINK_SAMPLE.id, label: 'My Campaign Link (go.example.com/abc123)' },
  },
};

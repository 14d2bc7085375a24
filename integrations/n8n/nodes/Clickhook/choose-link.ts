import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { call, workspacePath } from './api.ts';

/** A field that chooses a link, from a list or by its id. */
export const linkField = (show: NonNullable<INodeProperties['displayOptions']>['show']): INodeProperties => ({
  displayName: 'Link',
  name: 'linkId',
  type: 'resourceLocator',
  required: true,
  default: { mode: 'list', value: '' },
  displayOptions: { show },
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchLinks', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. 12',
      validation: [
        { type: 'regex', properties: { regex: '[1-9][0-9]*', errorMessage: 'An ID is a number' } },
      ],
    },
  ],
});

type LinkPage = {
  links: { id: number; name: string | null; full_url: string; url: string }[];
  total_pages: number;
};

/** A page of the links that a person can choose from. */
export async function searchLinks(
  this: ILoadOptionsFunctions,
  filter?: string,
  paginationToken?: string,
): Promise<INodeListSearchResult> {
  const page = Number(paginationToken ?? 1);
  const path = `${await workspacePath(this)}/list_links`;
  const { body } = await call<LinkPage>(this, {
    method: 'GET',
    path,
    qs: { search: filter, page, page_size: 100 },
  });
  return {
    results: body.links.map(({ id, name, full_url: short, url }) => ({
      name: name ? `${name} (${short})` : short,
      value: id,
      url,
    })),
    ...(page < body.total_pages ? { paginationToken: String(page + 1) } : {}),
  };
}

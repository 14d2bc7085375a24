import { useState } from 'react';
import { Button, Input, Label, SearchField } from 'react-aria-components';
import type { ListedLink } from './api.ts';
import { Check } from './fields.tsx';
import { navigate } from './router.ts';
import { useSession } from './session.ts';
import { NavLink, useTitle } from './shell.tsx';
import { ShortLink } from './short-link.tsx';
import { sentenceOf, useLoad } from './use-load.ts';

const PAGE_SIZE = 25;

type Sort = { by: string; dir: 'asc' | 'desc' };

/** The header of a sortable column. Pressing it again reverses the order. */
function SortHead({
  label,
  by,
  sort,
  onSort,
}: {
  label: string;
  by: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const active = sort.by === by;
  const next: Sort = { by, dir: active && sort.dir === 'desc' ? 'asc' : 'desc' };
  const direction = sort.dir === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={active ? direction : 'none'} className={by === 'clicks_total' ? 'number' : ''}>
      <Button className="sort" onPress={() => onSort(next)}>
        {label} <span aria-hidden="true">{active ? (sort.dir === 'asc' ? '▲' : '▼') : ''}</span>
      </Button>
    </th>
  );
}

type RowProps = { link: ListedLink; onChange: (fields: { enabled: boolean }) => void; onDelete: () => void };

function Row({ link, onChange, onDelete }: RowProps) {
  const numbers = new Intl.NumberFormat();
  return (
    <tr>
      <th scope="row">
        <NavLink to={`/links/${link.id}`}>{link.name ?? link.slug}</NavLink>
        <span className="quiet">
          <ShortLink url={link.full_url} />
        </span>
      </th>
      <td className="wide">{link.url}</td>
      <td className="number">{numbers.format(link.clicks_total)}</td>
      <td>
        <Check
          label={`Enabled: ${link.slug}`}
          isSelected={link.enabled}
          onChange={(enabled) => onChange({ enabled })}
        />
      </td>
      <td>
        <Button onPress={onDelete} aria-label={`Delete ${link.slug}`}>
          Delete
        </Button>
      </td>
    </tr>
  );
}

function Empty({ searching }: { searching: boolean }) {
  if (searching) return <p>No link contains this text in its name, slug, domain or destination.</p>;
  return (
    <p>
      There are no links yet. <NavLink to="/links/new">Create a link</NavLink>, then add a webhook to it.
    </p>
  );
}

/** All links of the workspace, one page at a time. */
export function LinksPage() {
  const { api } = useSession();
  useTitle('Links');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const [deleted, setDeleted] = useState<ListedLink | null>(null);
  const [problem, setProblem] = useState('');
  const [sort, setSort] = useState<Sort>({ by: 'id', dir: 'desc' });
  const query = {
    search,
    page: String(page),
    page_size: String(PAGE_SIZE),
    sort_by: sort.by,
    sort_dir: sort.dir,
  };
  const list = useLoad(() => api.links(query), [search, page, sort]);
  const change = async (action: Promise<unknown>, then: () => void = () => undefined) => {
    try {
      await action;
      setProblem('');
      then();
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    list.reload();
  };
  const { links = [], total_pages = 1 } = list.value ?? {};
  return (
    <>
      <div className="bar">
        <h1>Links</h1>
        <Button className="primary" onPress={() => navigate('/links/new')}>
          New link
        </Button>
      </div>
      <SearchField
        className="field"
        onChange={(text) => {
          setSearch(text);
          setPage(1);
        }}
      >
        <Label>Search</Label>
        <Input />
      </SearchField>
      <div role="status">
        {deleted && (
          <p className="notice">
            {deleted.slug} was moved to the trash.{' '}
            <Button
              onPress={() =>
                change(api.saveLink({ id: deleted.id, deleted: false, enabled: deleted.enabled }), () =>
                  setDeleted(null),
                )
              }
            >
              Undo
            </Button>
          </p>
        )}
        {!list.value && !list.problem && <p>Loading …</p>}
      </div>
      {(problem || list.problem) && <p role="alert">{problem || list.problem}</p>}
      {list.value && links.length === 0 && <Empty searching={search !== ''} />}
      {links.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <SortHead label="Link" by="name" sort={sort} onSort={setSort} />
                <th scope="col" className="wide">
                  Destination
                </th>
                <SortHead label="Clicks" by="clicks_total" sort={sort} onSort={setSort} />
                <th scope="col">Enabled</th>
                <th scope="col">Delete</th>
              </tr>
            </thead>
            <tbody>
              {links.map((link) => (
                <Row
                  key={link.id}
                  link={link}
                  onChange={(fields) => change(api.saveLink({ id: link.id, ...fields }))}
                  onDelete={() => change(api.deleteLink(link.id), () => setDeleted(link))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {total_pages > 1 && (
        <nav className="bar" aria-label="Pages">
          <Button isDisabled={page === 1} onPress={() => setPage(page - 1)}>
            Previous
          </Button>
          <span>
            Page {page} of {total_pages}
          </span>
          <Button isDisabled={page >= total_pages} onPress={() => setPage(page + 1)}>
            Next
          </Button>
        </nav>
      )}
    </>
  );
}

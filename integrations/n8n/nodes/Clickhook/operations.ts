import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type ApiAnswer, type ApiCall, call, linkId } from './api.ts';

/** One execution of an operation for one input item. */
export type Run = {
  context: IExecuteFunctions;
  /** The index of the input item. */
  item: number;
  /** The path of the workspace. */
  workspace: string;
};

/** The largest pages that we ask for. */
const LINKS_PER_PAGE = 500;
const CLICKS_PER_PART = 1_000;

const parameter = <Value>({ context, item }: Run, name: string, fallback?: unknown): Value =>
  context.getNodeParameter(name, item, fallback) as Value;

const chosenLink = (run: Run): number =>
  linkId(
    run.context,
    run.context.getNodeParameter('linkId', run.item, undefined, { extractValue: true }),
    run.item,
  );

const api = <Body = IDataObject>({ context, item }: Run, request: ApiCall): Promise<ApiAnswer<Body>> =>
  call<Body>(context, request, item);

/** How many entries the person wants: all, or at most a number. */
const limitOf = (run: Run): number =>
  parameter<boolean>(run, 'returnAll') ? Number.POSITIVE_INFINITY : parameter<number>(run, 'limit');

type LinkPage = { links: IDataObject[]; total_pages: number };
type Series = { traffic: { t: string; y: number }[] };
type Counts = { values: { value: string | null; count: number }[] };

async function manyLinks(run: Run): Promise<IDataObject[]> {
  const limit = limitOf(run);
  const qs = parameter<IDataObject>(run, 'filters', {});
  const found: IDataObject[] = [];
  for (let page = 1; found.length < limit; page++) {
    const query = { ...qs, page, page_size: Math.min(limit, LINKS_PER_PAGE) };
    const { body } = await api<LinkPage>(run, {
      method: 'GET',
      path: `${run.workspace}/list_links`,
      qs: query,
    });
    found.push(...body.links);
    if (page >= body.total_pages) break;
  }
  return found.slice(0, limit);
}

/** What limits clicks: the link, if there is one, and the span and values of the other fields. */
const clickQuery = (run: Run): IDataObject => ({
  ...parameter<IDataObject>(run, 'filters', {}),
  ...(parameter<string>(run, 'clicksOf') === 'link' ? { link_id: chosenLink(run) } : {}),
});

async function manyClicks(run: Run): Promise<IDataObject[]> {
  const limit = limitOf(run);
  const qs = clickQuery(run);
  const found: IDataObject[] = [];
  let cursor: string | undefined;
  do {
    // A part can be shorter than its size, and even empty, so only the cursor says whether there are more.
    const query = { ...qs, cursor, page_size: Math.min(limit - found.length, CLICKS_PER_PART) };
    const answer = await api<IDataObject[]>(run, {
      method: 'GET',
      path: `${run.workspace}/clicks/export`,
      qs: query,
    });
    found.push(...answer.body);
    cursor = answer.nextCursor;
  } while (cursor && found.length < limit);
  return found;
}

async function series(run: Run): Promise<IDataObject[]> {
  const qs = { ...clickQuery(run), frequency: parameter<string>(run, 'frequency') };
  const { body } = await api<Series>(run, { method: 'GET', path: `${run.workspace}/clicks`, qs });
  return body.traffic.map(({ t, y }) => ({ time: t, clicks: y }));
}

async function breakdown(run: Run): Promise<IDataObject[]> {
  const path = `${run.workspace}/clicks/counters/${encodeURIComponent(parameter<string>(run, 'counter'))}`;
  const { body } = await api<Counts>(run, { method: 'GET', path, qs: clickQuery(run) });
  return body.values.map(({ value, count }) => ({
    value,
    clicks: count,
  }));
}

/** Every operation, by its resource and its name. Each returns the items that the node puts out. */
export const OPERATIONS: Record<string, Record<string, (run: Run) => Promise<IDataObject[]>>> = {
  link: {
    create: async (run) => {
      const fields = parameter<IDataObject>(run, 'additionalFields', {});
      const body = { ...fields, url: parameter<string>(run, 'url') };
      return [(await api(run, { method: 'POST', path: '/link', body })).body];
    },
    get: async (run) => [(await api(run, { method: 'GET', path: `/link/${chosenLink(run)}` })).body],
    getAll: manyLinks,
    update: async (run) => {
      const path = `${run.workspace}/links/${chosenLink(run)}`;
      const body = parameter<IDataObject>(run, 'updateFields', {});
      return [(await api(run, { method: 'PATCH', path, body })).body];
    },
    delete: async (run) => {
      const id = chosenLink(run);
      await api(run, { method: 'DELETE', path: `${run.workspace}/links/${id}` });
      return [{ deleted: true, id }];
    },
  },
  click: { getAll: manyClicks, getSeries: series, getBreakdown: breakdown },
};

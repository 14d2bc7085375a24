import { api, table, tableName } from '../core/api.ts';
import { type Domain, MAX_DOMAINS, publicDomain } from '../core/domain.ts';
import { addDomain, listDomains, readDomain } from '../core/domain-store.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { conflict, invalidFields } from '../core/errors.ts';
import { parseBody } from '../core/input.ts';
import { nextId } from '../core/next-id.ts';
import { domainRequestSchema } from './requests.ts';

function refused(sentence: string) {
  return invalidFields({ name: [sentence] });
}

/** `POST /workspace/:id/domains {name}`: 201 with the domain, 200 with the one that is there already. */
export const handler = api(async ({ workspaceId, body }) => {
  const { name } = parseBody(domainRequestSchema, body);
  if (name === null) throw refused('must be given, such as go.example.com');
  if (name === new URL(requiredEnv(ENV.baseUrl)).hostname) {
    throw refused(`${name} is the default host: links without a domain are there`);
  }
  const known = await readDomain(name);
  if (known?.workspace_id === workspaceId) return { status: 200, body: publicDomain(known) };
  if ((await listDomains(workspaceId)).length >= MAX_DOMAINS) {
    throw conflict(`There are already ${MAX_DOMAINS} domains here, the most there may be: delete one first`);
  }
  const domain: Domain = {
    id: await nextId(table, tableName(), 'DOMAIN'),
    name,
    workspace_id: workspaceId,
    favicon: null,
    inserted_at: new Date().toISOString(),
  };
  if (known || !(await addDomain(domain))) throw refused(`${name} is already taken`);
  return { status: 201, body: publicDomain(domain) };
});

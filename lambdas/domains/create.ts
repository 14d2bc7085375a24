import { api, table, tableName } from '../core/api.ts';
import { publicDomain } from '../core/domain.ts';
import { addDomain } from '../core/domain-store.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { invalidFields } from '../core/errors.ts';
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
  const { domain, added } = await addDomain(workspaceId, name, () => nextId(table, tableName(), 'DOMAIN'));
  return { status: added ? 201 : 200, body: publicDomain(domain) };
});

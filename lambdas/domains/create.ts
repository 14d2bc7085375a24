import { api } from '../api/api.ts';
import { parseBody } from '../api/input.ts';
import { ENV, requiredEnv } from '../env.ts';
import { invalidFields } from '../errors.ts';
import { nextId } from '../table.ts';
import { publicDomain } from './domain.ts';
import { domainRequestSchema } from './requests.ts';
import { addDomain } from './store.ts';

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
  const { domain, added } = await addDomain(workspaceId, name, () => nextId('DOMAIN'));
  return { status: added ? 201 : 200, body: publicDomain(domain) };
});

import { type Link, newLink } from '../../lambdas/links/link.ts';

/** A stored link of workspace 1 with id 12345 at /sale. `fields` override the defaults. */
export function sampleLink(fields: Partial<Link> = {}): Link {
  const identity = { id: 12345, workspace_id: 1, slug: '/sale', url: 'https://example.com/landing-page' };
  return { ...newLink(identity, {}, '2025-01-01T00:00:00.000Z'), ...fields };
}

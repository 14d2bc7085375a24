import { entity } from '../api/endpoint.ts';

/** A page is there for GET and HEAD. */
const page = (path: string) => [`GET ${path}`, `HEAD ${path}`];

/** Where the OpenAPI document is: its own path, and the one that existing clients ask for. */
export const DOCUMENT_PATHS = ['/api/v1/openapi.json', '/api/openapi'];

/** Pages, and what tells about the API. No key is asked for. */
export const site = entity({
  folder: 'site',
  prefix: '',
  endpoints: {
    apiDocument: {
      routes: Object.fromEntries(
        [...DOCUMENT_PATHS, '/docs', '/docs/{file+}']
          .flatMap(page)
          .map((route) => [route, { summary: 'The API reference' }]),
      ),
      access: 'everybody',
      description: 'Serves the OpenAPI document and the page that shows it',
    },
    dashboard: {
      routes: Object.fromEntries(
        [...page('/app'), ...page('/app/{path+}')].map((route) => [route, { summary: 'The dashboard' }]),
      ),
      access: 'everybody',
      description: 'Serves the dashboard, a page that calls the API',
    },
    // What answers below /api when no other route does.
    unknownRoute: {
      routes: {
        'ANY /api': { summary: 'Answer an unknown route' },
        'ANY /api/{proxy+}': { summary: 'Answer an unknown route' },
      },
      access: 'everybody',
      description: 'Answers API calls that no route takes',
      memorySize: 256,
    },
  },
});

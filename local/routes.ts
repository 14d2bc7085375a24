import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request to a route that is not in the template. @returns false when the request is not for it */
export type ExtraRoute = (
  request: IncomingMessage,
  path: string,
  body: Buffer,
  response: ServerResponse,
) => Promise<boolean> | boolean;

/** A parsed RouteKey: `GET /links/{id}`, `ANY /api/{proxy+}` or `$default`. */
export type Route<Target> = { routeKey: string; method: string; segments: Segment[]; target: Target };

type Segment = { kind: 'literal' | 'parameter' | 'greedy'; text: string };

/** The matching route of a request, and the values of its path variables. */
export type RouteMatch<Target> = { route: Route<Target>; pathParameters: Record<string, string> };

function parseSegment(text: string): Segment {
  if (!text.startsWith('{') || !text.endsWith('}')) return { kind: 'literal', text };
  const name = text.slice(1, -1);
  return name.endsWith('+') ? { kind: 'greedy', text: name.slice(0, -1) } : { kind: 'parameter', text: name };
}

function parseRoute<Target>(routeKey: string, target: Target): Route<Target> {
  const [method = '', path = ''] = routeKey === '$default' ? ['$default'] : routeKey.split(' ', 2);
  const segments = path === '' || path === '/' ? [] : path.slice(1).split('/').map(parseSegment);
  return { routeKey, method, segments, target };
}

function matchPath(segments: Segment[], parts: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (segment.kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest ? { ...parameters, [segment.text]: rest } : undefined;
    }
    if (part === undefined || (segment.kind === 'literal' ? part !== segment.text : part === ''))
      return undefined;
    if (segment.kind === 'parameter') parameters[segment.text] = part;
  }
  return parts.length === segments.length ? parameters : undefined;
}

const RANK = { literal: 0, parameter: 1, greedy: 2 } as const;

/**
 * Most specific first: by segment a literal, then a variable, then a greedy variable; then a specific method before
 * ANY.
 */
function compareRoutes(a: Route<unknown>, b: Route<unknown>): number {
  const isDefault = Number(a.method === '$default') - Number(b.method === '$default');
  const isGreedy = Number(endsGreedy(a)) - Number(endsGreedy(b));
  if (isDefault || isGreedy) return isDefault || isGreedy;
  for (let index = 0; index < Math.min(a.segments.length, b.segments.length); index++) {
    const difference = rankAt(a, index) - rankAt(b, index);
    if (difference) return difference;
  }
  return b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

const endsGreedy = (route: Route<unknown>) => route.segments.at(-1)?.kind === 'greedy';
const rankAt = (route: Route<unknown>, index: number) => RANK[route.segments[index]?.kind ?? 'literal'];

/**
 * Creates the route matcher of an HTTP API: a full match wins over a greedy one, among greedy ones the longest literal
 * beginning wins, a specific method wins over ANY, and `$default` takes the rest.
 * @param targets the target of each RouteKey of the template
 */
export function createRouter<Target>(targets: Iterable<readonly [routeKey: string, target: Target]>) {
  const routes = [...targets].map(([routeKey, target]) => parseRoute(routeKey, target)).sort(compareRoutes);
  /** @param path decoded, without query */
  return (method: string, path: string): RouteMatch<Target> | undefined => {
    const parts = path === '/' ? [] : path.slice(1).split('/');
    for (const route of routes) {
      if (route.method === '$default') return { route, pathParameters: {} };
      if (route.method !== method && route.method !== 'ANY') continue;
      const pathParameters = matchPath(route.segments, parts);
      if (pathParameters) return { route, pathParameters };
    }
    return undefined;
  };
}

import type { LocalFunction } from './functions.ts';
import type { PhysicalResource, Resolve } from './intrinsics.ts';
import type { RawItem } from './provision.ts';
import { resourcesOf, type Template, TYPE } from './template.ts';

/** A pattern of a filter: for each member the values that it may have, or a pattern of its own. */
type Pattern = { [name: string]: Pattern | (string | { prefix: string })[] };

/** Whether an event matches a pattern, as far as our templates use patterns: equal texts and prefixes. */
function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = (event as Record<string, unknown> | undefined)?.[name];
    if (!Array.isArray(wanted)) return matches(wanted, value);
    return wanted.some((one) =>
      typeof one === 'string' ? value === one : typeof value === 'string' && value.startsWith(one.prefix),
    );
  });
}

/** What Lambda sends to a function for an item that the time to live has removed (Streams, "TTL"). */
function removal(streamArn: string, keyNames: string[], item: RawItem) {
  const Keys = Object.fromEntries(Object.entries(item).filter(([name]) => keyNames.includes(name)));
  return {
    eventName: 'REMOVE',
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    dynamodb: { Keys, OldImage: item, StreamViewType: 'OLD_IMAGE' },
  };
}

/**
 * The part of DynamoDB's streams that the stack uses: functions learn which items the time to live has removed.
 * @returns a function that takes each removed item
 */
export function removalStreams(
  template: Template,
  resolve: Resolve,
  functions: Map<string, LocalFunction>,
  log: (line: string) => void,
): (table: PhysicalResource, keyNames: string[], item: RawItem) => void {
  const mappings = resourcesOf(template, TYPE.eventSource).map(
    ({ properties }) =>
      resolve(properties) as {
        EventSourceArn: string;
        FunctionName: string;
        FilterCriteria?: { Filters: { Pattern: string }[] };
      },
  );
  return (table, keyNames, item) => {
    const streamArn = table.attributes.StreamArn ?? '';
    const record = removal(streamArn, keyNames, item);
    for (const { EventSourceArn, FunctionName, FilterCriteria } of mappings) {
      const patterns = FilterCriteria?.Filters.map(({ Pattern: text }) => JSON.parse(text) as Pattern);
      if (EventSourceArn !== streamArn || (patterns && !patterns.some((one) => matches(one, record))))
        continue;
      const target = functions.get(FunctionName.split(':').at(-1) ?? '');
      target?.invoke({ Records: [record] }).then((result) => {
        if ('error' in result) log(`${FunctionName} failed: ${result.error.errorMessage}`);
      });
    }
  };
}

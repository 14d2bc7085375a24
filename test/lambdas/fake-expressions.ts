/** An item, or the key of one. */
export type Item = Record<string, any>;

/** The parts of a request that expressions are in. */
export type Expressions = {
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

const COMPARE: Record<string, (a: any, b: any) => boolean> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
};

function termHolds(term: string, item: Item | undefined, request: Expressions): boolean {
  const attribute = (name: string) => item?.[request.ExpressionAttributeNames?.[name] ?? name];
  const value = (name: string): any => request.ExpressionAttributeValues?.[name];
  const exists = /^attribute_(not_)?exists\((\S+)\)$/.exec(term);
  if (exists?.[2]) return (attribute(exists[2]) === undefined) === Boolean(exists[1]);
  const begins = /^begins_with\((\S+), (:\w+)\)$/.exec(term);
  if (begins?.[1] && begins[2]) return String(attribute(begins[1])).startsWith(value(begins[2]));
  const [, name = '', operator = '', wanted = ''] = /^(\S+) (=|<>|<=?|>) (:\w+)$/.exec(term) ?? [];
  const compare = COMPARE[operator];
  if (!compare) throw new Error(`The fake table does not know the condition ${term}`);
  // As in DynamoDB, a comparison with an attribute that is not there fails, but for <>.
  if (attribute(name) === undefined) return operator === '<>';
  return compare(attribute(name), value(wanted));
}

/** Whether a condition holds for an item: AND binds closer than OR, and there are no brackets. */
export function holds(condition: string, item: Item | undefined, request: Expressions): boolean {
  return condition
    .split(' OR ')
    .some((either) => either.split(' AND ').every((term) => termHolds(term, item, request)));
}

/** An item after an update of SET, ADD and REMOVE clauses. */
export function updated(before: Item, request: Expressions): Item {
  const after = { ...before };
  const clauses =
    request.UpdateExpression?.matchAll(/(ADD|SET|REMOVE) (.+?)(?= (?:ADD|SET|REMOVE) |$)/g) ?? [];
  for (const [, verb, list = ''] of clauses) {
    for (const part of list.split(/, (?![^(]*\))/)) {
      const sum = /^(\w+) = if_not_exists\(\1, (:\w+)\) \+ (:\w+)$/.exec(part);
      if (sum) {
        const [, name = '', start = '', change = ''] = sum;
        const values: any = request.ExpressionAttributeValues;
        after[name] = (after[name] ?? values[start]) + values[change];
        continue;
      }
      const [target = '', value = ''] = part.split(/ = | /);
      const name = request.ExpressionAttributeNames?.[target] ?? target;
      const given: any = request.ExpressionAttributeValues?.[value];
      if (verb === 'SET') after[name] = given;
      else if (verb === 'ADD') after[name] = (after[name] ?? 0) + given;
      else delete after[name];
    }
  }
  return after;
}

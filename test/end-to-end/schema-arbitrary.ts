import fc from 'fast-check';

type Schema = Record<string, any>;

/** Values of every type that nobody sends on purpose, including hostile texts. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '0',
    '-1',
    '1e309',
    '%00',
    '../../etc',
    '__proto__',
    'constructor',
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '=1+1',
    '\u0000',
    '\ud800',
    'a'.repeat(5_000),
    'http://169.254.169.254/',
    'javascript:alert(1)',
    1e300,
    -0,
    Number.MAX_SAFE_INTEGER,
    [[]],
    { __proto__: null },
  ),
);

function typed(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'string':
      if (schema.format === 'uri') return fc.webUrl();
      return fc.string({ unit: 'binary', maxLength: Math.min(schema.maxLength ?? 40, 60) });
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? -5, -5),
        max: Math.min(schema.maximum ?? 200, 200),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fc.oneof(arbitraryOf(schema.items ?? {}), junk), { maxLength: 4 });
    case 'object':
      return objectOf(schema);
    default:
      return junk;
  }
}

function objectOf({ properties = {} }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries<Schema>(properties).map(([name, schema]) => [
    name,
    fc.oneof({ weight: 4, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: junk }),
  ]);
  return fc.record({ ...Object.fromEntries(fields), unknown_field: junk }, { requiredKeys: [] });
}

/** Values that more or less match a schema, as a careless or a hostile client would send them. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type: string) => typed({ ...schema, type })));
  return typed(schema);
}

/** Any JSON value, for places without a schema. */
export const anyJson = junk;

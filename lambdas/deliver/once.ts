/** Calls a function once for each key, and returns what it returned for that key from then on. */
export function once<K, V>(call: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (known.has(key)) return known.get(key) as V;
    const value = call(key);
    known.set(key, value);
    return value;
  };
}

// How much fits into one response. The stores need this as well as the API, because a page of a list ends where a
// response is full.

/**
 * The most bytes of list entries in one response. Lambda's limit is 6 MB, which leaves room for everything around the
 * entries.
 */
export const MAX_SENT_BYTES = 4.5 * 1024 * 1024;

/**
 * The bytes of a text in a response body, as Lambda counts them. Lambda counts the JSON of the whole response. In it
 * the body is a string, so quotes, backslashes and control characters are escaped a second time.
 */
export function sentBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - '""'.length;
}

/**
 * How many entries of a list fit into one response, starting at the first. At least one, because no single entry is too
 * large.
 * @param sizes the result of `sentBytes` for each entry, without its separator
 */
export function fittingParts(sizes: number[]): number {
  let bytes = 0;
  const end = sizes.findIndex((size) => {
    bytes += size + ','.length;
    return bytes > MAX_SENT_BYTES;
  });
  return end === -1 ? sizes.length : Math.max(end, 1);
}

/**
 * Splits a list into pages that have at most `pageSize` entries and fit into one response.
 * @returns the index at which each page starts
 */
export function pageStarts(sizes: number[], pageSize: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start < sizes.length; ) {
    starts.push(start);
    start += fittingParts(sizes.slice(start, start + pageSize));
  }
  return starts;
}

import { newGeoFile } from '../../lambdas/redirect/geo-file.ts';
import type { Boundaries, Boundary } from './ranges.ts';

/** Every text once, "unknown" (the empty text) first, with its index. */
function indexTexts(boundaries: Boundary[]): Map<string, number> {
  const indexes = new Map([['', 0]]);
  for (const { text } of boundaries) {
    if (!indexes.has(text)) indexes.set(text, indexes.size);
  }
  return indexes;
}

/** The bytes of the geo file for these boundaries, in this machine's byte order: little-endian on arm64 and x64. */
export function encodeGeoFile({ v4, v6 }: Boundaries): Uint8Array {
  const indexes = indexTexts([...v4, ...v6]);
  const texts = [...indexes.keys()].map((text) => Buffer.from(text));
  const indexOf = ({ text }: Boundary) => indexes.get(text) ?? 0;
  const { bytes, sections } = newGeoFile({
    v4: v4.length,
    v6: v6.length,
    texts: texts.length,
    textBytes: texts.reduce((total, text) => total + text.length, 0),
  });
  sections.v4Starts.set(v4.map(({ start }) => Number(start)));
  sections.v6Starts.set(v6.map(({ start }) => start));
  sections.v4Values.set(v4.map(indexOf));
  sections.v6Values.set(v6.map(indexOf));
  let end = 0;
  for (const [index, text] of texts.entries()) {
    sections.text.set(text, end);
    end += text.length;
    sections.textEnds[index] = end;
  }
  return bytes;
}

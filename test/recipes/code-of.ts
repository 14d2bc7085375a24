import { readFile } from 'node:fs/promises';

/** The first block of code in a language that a recipe shows, without the indentation of a list. */
export async function codeOf(recipe: string, language: string): Promise<string> {
  const page = await readFile(new URL(`../../docs/recipes/${recipe}.md`, import.meta.url), 'utf8');
  const [, indent = '', code] =
    new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'm').exec(page) ?? [];
  if (code === undefined) throw new Error(`docs/recipes/${recipe}.md has no block of ${language}`);
  return code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import { readApiDocument } from './api-document.ts';
import { type LocalStack, startLocal } from './local-stack.ts';

/**
 * Runs every curl line of docs/api and compares the page with the real responses. With UPDATE_DOCS=1 it writes the
 * responses into the pages instead.
 */
const FOLDER = new URL('../../docs/api/', import.meta.url);
const PAGES = readdirSync(FOLDER);
const run = promisify(execFile);

let stack: LocalStack | undefined;

afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

/** Values that differ in each run, by the name of their field, and their replacements on the page. */
const VOLATILE: [RegExp, string][] = [
  [/"(dns|connection|response)_ms": \d+/g, '"$1_ms": 3'],
  [/"hook_id": "[^"]*"/g, '"hook_id": "0123456789abcdef0123456789abcdef"'],
  [/"click_id": "[^"]*"/g, '"click_id": "01MDNSVJKVYEMHRPR7WBC682WY"'],
  [/"id": "[0-7][0-9A-HJKMNP-TV-Z]{25}"/g, '"id": "01MDNSVJKVYEMHRPR7WBC682WY"'],
  [/"prefix": "ck_(?!local)[^"]*"/g, '"prefix": "ck_examp0123abcd"'],
  [/"prefix": "ck_l[^"]*"/g, '"prefix": "ck_l01234567"'],
  [/"key": "[^"]*"/g, '"key": "ck_example-of-a-key"'],
  [/"secret": "[^"]*"/g, '"secret": "whsec_ZXhhbXBsZSBvZiBhIHNlY3JldA=="'],
  [/"t": "\d{4}-\d\d-\d\d"/g, '"t": "2027-01-31"'],
  [/\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z/g, '2027-01-31T12:00:00.123456Z'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2027-01-31T12:00:00Z'],
  [/\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z/g, '2027-01-31T12:00:00.000Z'],
];

function onThePage(answer: string, port: string): { language: string; text: string } {
  const steady = (text: string) =>
    VOLATILE.reduce(
      (all, [found, shown]) => all.replaceAll(found, shown),
      text.replaceAll(`localhost:${port}`, 'localhost:3000'),
    );
  try {
    return { language: 'json', text: steady(JSON.stringify(JSON.parse(answer), null, 2)) };
  } catch {
    return { language: 'csv', text: steady(answer.trimEnd().replaceAll('\r\n', '\n')) };
  }
}

/** A page with the response after each of its curl lines, in place of the previous one. */
async function answered(page: string, url: string): Promise<{ page: string; commands: string[] }> {
  const { port } = new URL(url);
  const commands: string[] = [];
  let written = '';
  let at = 0;
  for (const block of page.matchAll(/```sh\n([\s\S]*?)\n```\n(?:\n```(?:json|csv)\n[\s\S]*?\n```\n)?/g)) {
    const command = block[1] ?? '';
    commands.push(command);
    const local = command
      .replaceAll('localhost:3000', `localhost:${port}`)
      .replaceAll('localhost%3A3000', `localhost%3A${port}`);
    const { stdout } = await run('bash', ['-c', local]);
    const { language, text } = onThePage(stdout, port);
    written += `${page.slice(at, block.index)}\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    at = block.index + block[0].length;
  }
  return { page: written + page.slice(at), commands };
}

const allCommands: string[] = [];

describe('docs/api', () => {
  test.each(PAGES)('%s shows the real responses to its examples', async (name) => {
    const file = new URL(name, FOLDER);
    const before = await readFile(file, 'utf8');
    stack = await startLocal();
    const { page, commands } = await answered(before, stack.url);
    allCommands.push(...commands);
    if (process.env.UPDATE_DOCS) await writeFile(file, page);
    else expect(before).toBe(page);
    expect(commands.length).toBeGreaterThan(3);
  });

  test('has an example of every call of the API', async () => {
    const { operations } = await readApiDocument(await sharedWorkspace());
    const shown = allCommands.map((command) => {
      const method = / -X (\w+) /.exec(command)?.[1] ?? (command.includes(' -d ') ? 'POST' : 'GET');
      const path = /localhost:3000([^\s'?]*)/.exec(command)?.[1] ?? '';
      return `${method} ${path}`;
    });
    const missing = operations.filter((operation) => {
      const [method = '', template = ''] = operation.split(' ');
      const pattern = new RegExp(`^${method.toUpperCase()} ${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      // The same calls for a workspace, and the other path of a link, are named on the pages. docs/statistics.md has the
      // call of public statistics.
      const twin =
        /workspace\/\{workspace_id\}\/webhooks|link\/\{link_id\}\/webhooks$|get_link|public\/statistics/.test(
          template,
        );
      return !twin && !shown.some((line) => pattern.test(line));
    });
    expect(missing).toEqual([]);
  });
});

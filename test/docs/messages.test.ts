import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { CLICK_MESSAGE_VERSION, type ClickMessage } from '../../lambdas/clicks/click.ts';
import { RECEIVERS, writeMessage } from '../../lambdas/deliver/messages/receivers.ts';
import { PICTURES } from './pictures/chat-tools.ts';

// The recipes show the messages of the click in docs/payload.md, as JSON and as pictures. UPDATE_DOCS=1 writes both.

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

/** The click that docs/payload.md shows. */
async function documentedClick(): Promise<ClickMessage> {
  const page = await readFile(at('docs/payload.md'), 'utf8');
  const payload = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const ids = { link_id: payload.link.id, workspace_id: payload.link.workspace_id };
  const rest = { expiry_clicks: null, counted: true, rule: null };
  return { version: CLICK_MESSAGE_VERSION, ...ids, ...rest, payload };
}

/** Compares a file with what it should be, or writes it. */
async function expectFile(path: string, wanted: (written: string) => string): Promise<void> {
  const written = await readFile(at(path), 'utf8').catch(() => '');
  if (process.env.UPDATE_DOCS) await writeFile(at(path), wanted(written));
  else expect(written).toBe(wanted(written));
}

test.each(Object.keys(PICTURES))('docs/images shows the message for %s', async (format) => {
  const message = JSON.parse(writeMessage(format as never, await documentedClick()));
  await expectFile(`docs/images/message-${format}.svg`, () => PICTURES[format]?.(message) ?? '');
});

test.each(RECEIVERS)('the recipe for $name shows its message as JSON', async ({ format, recipe }) => {
  const json = JSON.stringify(JSON.parse(writeMessage(format, await documentedClick())), null, 2);
  await expectFile(recipe.split('#')[0] ?? '', (page) =>
    page.replace(
      new RegExp(`(<!-- ${format} -->\n+\`\`\`json\n)[^]*?\`\`\``),
      (_all, start) => `${start}${json}\n\`\`\``,
    ),
  );
  expect(await readFile(at(recipe.split('#')[0] ?? ''), 'utf8')).toContain(`<!-- ${format} -->`);
});

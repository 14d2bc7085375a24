import type { Workspace } from '../../../test/end-to-end/local-stack.ts';

// The packages of the app are installed only for its own tests, so TypeScript knows none of their types.
const [CORE, APP] = ['zapier-platform-core', '../index.js'];
const { default: zapier } = await import(CORE);

/** The definition of the app. */
export const { default: app } = await import(APP);

/** Runs a function of the app as Zapier does, with a bundle of what the user entered. */
export const run: (perform: unknown, bundle?: object) => Promise<any> = zapier.createAppTester(app);

/** Runs a command of Zapier's platform on the app, such as `validate`. */
export const command = async (name: string) =>
  (await zapier.createAppHandler(app)({ command: name })).results;

/** What a user enters to connect Clickhook. */
export const authDataOf = ({ url, key }: Workspace) => ({ base_url: url, api_key: key });

/** What the user reads when a step fails, and the name of the error class, which decides what Zapier does next. */
export async function failure(step: Promise<unknown>): Promise<{ name: string; message: string }> {
  const error = await step.then(
    () => new Error('The step did not fail'),
    (reason) => reason,
  );
  const text = String(error.message).split('\nWhat happened:')[0] ?? '';
  const message = text.startsWith('{') ? JSON.parse(text).message : text;
  return { name: error.name, message };
}

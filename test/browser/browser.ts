import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Stops the browser's own requests to the network. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The time limit of one step, on a busy machine. It ends before the test's own limit, so that the error names the step.
 */
const STEP_TIMEOUT_MS = 120_000;

/** Starts Debian's Chromium, or the one that CHROMIUM names. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: QUIET, timeout: STEP_TIMEOUT_MS });
}

/** A page and its errors: those of scripts and those in the console. */
export type WatchedPage = { page: Page; wrong: string[] };

/** Opens a page in its own context. Error responses do not count as errors of the page. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      wrong.push(message.text());
  });
  return { page, wrong };
}

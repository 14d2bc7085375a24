import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';

export type Link = { id: number; slug: string };

/** A local stack that logs everything, without the sample webhook. */
export type FaultStack = LocalStack & {
  /** Creates a link with these webhooks. @throws when one of them is rejected */
  linkTo: (...urls: string[]) => Promise<Link>;
  /**
   * Waits until this many deliveries of a link are over, and returns their outcomes: `delivered 204`, `failed: tls`.
   */
  outcomes: (link: Link, total?: number) => Promise<string[]>;
  /** Waits until something has been counted this many times in all, and returns the count. */
  counted: (name: string, total?: number) => Promise<number>;
};

/** The outcomes of the deliveries that a line is about. */
function outcomesOf(line: string): string[] {
  const { message, reason, status, deliveries } = JSON.parse(line.slice(line.indexOf('{')));
  const kind = String(message).replace('Webhook ', '');
  const outcome =
    kind === 'failed'
      ? `failed: ${[reason, status].filter(Boolean).join(' ')}`
      : [kind, status].join(' ').trim();
  return Array.from({ length: deliveries }, () => outcome);
}

/** Starts a stack in memory that also logs its metrics. */
export async function startFaultStack(env: Record<string, string>): Promise<FaultStack> {
  const stack = await startLocal({ CLICKHOOK_LOG: 'all', ...env });
  for (const { url } of (await stack.call('GET', '/workspace/1/webhooks')).body) {
    await stack.call('DELETE', `/workspace/1/webhooks?url=${encodeURIComponent(url)}`);
  }
  // The first click loads both functions. It may exceed its 300 ms for the queue and be lost, because no case counts
  // it.
  await stack.click('/hello');
  return {
    ...stack,
    linkTo: async (...urls) => {
      const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/' });
      const answers = urls.map((url) => stack.call('POST', `/link/${link.id}/webhooks`, { url }));
      for (const { status, body } of await Promise.all(answers)) {
        if (status !== 201) throw new Error(`A webhook was refused: ${body.error}`);
      }
      return link;
    },
    outcomes: async (link, total = 1) => {
      const ofLink = new RegExp(`"Webhook \\w+".*"link_id":${link.id}\\b`);
      let lines = await stack.lines(ofLink);
      let outcomes = lines.flatMap(outcomesOf);
      while (outcomes.length < total) {
        lines = await stack.lines(ofLink, lines.length + 1);
        outcomes = lines.flatMap(outcomesOf);
      }
      return outcomes.sort();
    },
    counted: async (name, total = 1) => {
      const lines = await stack.lines(new RegExp(`"_aws".*"${name}":`), total);
      return lines.reduce((sum, line) => sum + JSON.parse(line.slice(line.indexOf('{')))[name], 0);
    },
  };
}

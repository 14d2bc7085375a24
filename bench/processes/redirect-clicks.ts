/**
 * Passes clicks to the redirect's bundle one after the other, as Lambda does. Arguments: the bundle, and JSON of
 * RedirectRun. For comparison it also sends the same two requests without the bundle and the SDK, with Node's own HTTP
 * client.
 */
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { ClicksSeen, RedirectRun } from '../redirect-run.ts';
import { clickEvent } from '../samples.ts';

const [bundle = '', settings = ''] = process.argv.slice(2);
const { bare = false, links, warmUps, runs, clicks }: RedirectRun = JSON.parse(settings);

const { AWS_ENDPOINT_URL_DYNAMODB = '', CLICKHOOK_CLICKS_QUEUE_URL = '' } = process.env;
const { Agent, request } = AWS_ENDPOINT_URL_DYNAMODB.startsWith('https:') ? https : http;
const agent = new Agent({ keepAlive: true });

function call(url: string, target: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' };
    request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end(JSON.stringify(body));
  });
}

async function bareClick(): Promise<void> {
  await call(AWS_ENDPOINT_URL_DYNAMODB, 'DynamoDB_20120810.GetItem', { Key: { pk: { S: 'SLUG#' } } });
  await call(CLICKHOOK_CLICKS_QUEUE_URL, 'AmazonSQS.SendMessage', { MessageBody: '{}' });
}

const { handler } = createRequire(import.meta.url)(bundle);
const path = () => (links === undefined ? '/sale' : `/link-${Math.floor(Math.random() * links)}`);
const click = bare ? bareClick : () => handler(clickEvent(path()));

async function run(): Promise<ClicksSeen> {
  const latenciesMs: number[] = [];
  const cpu = process.cpuUsage();
  for (let index = 0; index < clicks; index++) {
    const startedAtMs = performance.now();
    await click();
    latenciesMs.push(performance.now() - startedAtMs);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { latenciesMs, cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}

for (let index = 0; index < warmUps; index++) await click();
for (let index = 0; index < runs; index++) process.send?.(await run());
process.exit();

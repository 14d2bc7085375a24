import { main } from '../import/main.ts';

const stop = new AbortController();
let stoppedAtMs = 0;
/** npm passes on the Ctrl-C that the terminal has sent to both: only one that comes later means "at once". */
const SAME_SIGNAL_MS = 1_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted && Date.now() - stoppedAtMs > SAME_SIGNAL_MS) process.exit(130);
    if (stop.signal.aborted) return;
    stoppedAtMs = Date.now();
    stop.abort();
  });
}

process.exitCode = await main({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stop.signal,
});

import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';

/** The project's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Parts of the AWS SDK that have no use in Lambda, and their replacements. Otherwise every cold start would load them.
 * docs/decisions/0008 has the figures.
 */
const REPLACED: { path: RegExp; by: string }[] = [
  {
    // A role reaches its function only through environment variables, so no files, SSO, STS or metadata have to be
    // searched.
    path: /@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    by: `import { fromEnv } from '@aws-sdk/credential-provider-env';
         export const defaultProvider = (init) => fromEnv(init);`,
  },
  {
    // Lambda has no ~/.aws. Settings come from the code and the environment.
    path: /@smithy\/core\/dist-es\/.*\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    by: `export { CONFIG_PREFIX_SEPARATOR } from './constants';
         export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // No operation of DynamoDB or SQS streams events. The module is imported dynamically, and for that esbuild would
    // wrap each module.
    path: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    by: `export const EventStreamSerde = undefined;
         export const eventStreamSerdeProvider = undefined;`,
  },
  {
    // Endpoints of DynamoDB are discovered only if a client is configured for it, but the cache for them is always
    // created.
    path: /@aws-sdk\/endpoint-cache\/dist-es\/EndpointCache\.js$/,
    by: `export class EndpointCache {
           getEndpoint() {}
           get() {}
           set() {}
           delete() {}
           has() { return false; }
           clear() {}
         }`,
  },
];

/** Puts these replacements into a bundle. */
const lambdaOnly: Plugin = {
  name: 'lambda-only',
  setup(build) {
    for (const { path, by } of REPLACED) {
      build.onLoad({ filter: path }, () => ({ contents: by, loader: 'js' }));
    }
  },
};

/** How many of the replaced modules a metafile's inputs contain. If not all, a new SDK version has moved one. */
export function replacedIn(inputs: string[]): number {
  return REPLACED.filter(({ path }) => inputs.some((input) => path.test(ROOT + input))).length;
}

/** Which AWS client the redirect's bundle has: our own, which starts and runs faster, or the AWS SDK. */
export type RedirectSdk = 'lean' | 'full';

/** The packages that the redirect imports, and what replaces them in its bundle: docs/decisions/0021. */
const LEAN_SDK = fileURLToPath(new URL('../../lambdas/redirect/lean-sdk/', import.meta.url));
const leanSdk: Plugin = {
  name: 'lean-sdk',
  setup(build) {
    const filter =
      /^(@aws-sdk\/(client-dynamodb|client-sqs|lib-dynamodb)|@aws-lambda-powertools\/(logger|metrics))$/;
    build.onResolve({ filter }, ({ path }) => ({ path: `${LEAN_SDK}${path.replace(/^.*\//, '')}.ts` }));
  },
};

/** How functions are bundled: each into one minified file, from ES modules wherever a package has them. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  // An `import()` of a Node module makes it an ES module and loads all its lazy parts, which takes 10 ms for node:http.
  supported: { 'dynamic-import': false },
  plugins: [lambdaOnly],
  absWorkingDir: ROOT,
  logLevel: 'warning',
} satisfies BuildOptions;

/** What the redirect loads only when a visitor needs it: a second file next to its code. */
const LATER = 'user-agent/user-agent';
const loadedLater: Plugin = {
  name: 'loaded-later',
  setup(build) {
    build.onResolve({ filter: new RegExp(`/${LATER}\\.ts$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './user-agent.js', external: true } : undefined,
    );
  },
};

/** How the redirect is bundled: as `index.js` and `user-agent.js` in the folder `out` below the output. */
export const redirectOptions = (sdk: RedirectSdk, out: string): BuildOptions => ({
  ...BUNDLE_OPTIONS,
  entryPoints: [
    { in: 'lambdas/redirect/handler.ts', out: `${out}/index` },
    { in: `lambdas/redirect/${LATER}.ts`, out: `${out}/user-agent` },
  ],
  plugins: [loadedLater, sdk === 'full' ? lambdaOnly : leanSdk],
});

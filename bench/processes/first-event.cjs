// What Lambda does at a cold start: loads the bundle and hands it its first event. CommonJS, so that nothing but
// the bundle takes time here.
const [bundle, event] = process.argv.slice(2);
require(bundle)
  .handler(JSON.parse(event))
  .then(({ statusCode, headers }) => process.stdout.write(`${statusCode} ${headers.location}`))
  .finally(() => process.exit());

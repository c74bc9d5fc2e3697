'use strict';

// Preloaded into a program: writes at its end which modules of OpenTelemetry it has loaded, except for the api package,
// which prom-client asks for and which does nothing by itself.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const loaded = Object.keys(require.cache).filter(
    (path) => /opentelemetry/i.test(path) && !path.includes('/@opentelemetry/api/'),
  );
  // oxlint-disable-next-line no-process-env
  writeFileSync(process.env.LOADED_MODULES_FILE, JSON.stringify(loaded));
});

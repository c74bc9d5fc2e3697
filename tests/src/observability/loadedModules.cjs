'use strict';

// A program preloads this file. When the program ends, this file writes down which OpenTelemetry modules the program
// has loaded. The list omits `@opentelemetry/api`, which prom-client requires and which does nothing without an SDK.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const loaded = Object.keys(require.cache).filter(
    (path) => /opentelemetry/i.test(path) && !path.includes('/@opentelemetry/api/'),
  );
  // oxlint-disable-next-line no-process-env
  writeFileSync(process.env.LOADED_MODULES_FILE, JSON.stringify(loaded));
});

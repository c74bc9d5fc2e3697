import { writeFile } from 'node:fs/promises';
import { runProgram } from '@widget-store/runtime';
import { bundleWorkflows, prebuiltBundlePath } from './bundle';

void runProgram('bundle', async (log) => {
  const { code } = await bundleWorkflows();
  await writeFile(prebuiltBundlePath, code);
  log.info({ bytes: Buffer.byteLength(code) }, 'the workflows are bundled');
});

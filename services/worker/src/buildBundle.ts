import { writeFile } from 'node:fs/promises';
import { runProgram } from '@widget-store/runtime';
import { bundleWorkflows, prebuiltBundlePath, prebuiltTracedBundlePath } from './bundle';

void runProgram('bundle', async (log) => {
  const [plain, traced] = await Promise.all([bundleWorkflows({ traced: false }), bundleWorkflows({ traced: true })]);
  await writeFile(prebuiltBundlePath, plain.code);
  await writeFile(prebuiltTracedBundlePath, traced.code);
  log.info({ bytes: Buffer.byteLength(plain.code) }, 'the workflows are bundled');
});

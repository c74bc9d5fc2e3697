import { writeFile } from 'node:fs/promises';
import { runProgram } from '@widget-store/runtime';
import { type BundleOptions, bundleWorkflows, everyBundle, prebuiltBundlePath } from './bundle';

void runProgram('bundle', async (log) => {
  const sizes = await Promise.all(everyBundle.map(build));
  log.info({ bytes: sizes }, 'the workflows are bundled');
});

/** @returns the bundle's size in bytes */
async function build(options: BundleOptions): Promise<number> {
  const { code } = await bundleWorkflows(options);
  await writeFile(prebuiltBundlePath(options), code);
  return Buffer.byteLength(code);
}

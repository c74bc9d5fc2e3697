import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inheritedEnvironment, repositoryRoot, runToEnd, temporaryDirectory } from '@widget-store/dev';

/** A copy of the repository that a test can change. It is not built. */
export interface RepositoryCopy {
  path: string;
  /** Runs a program in the copy. @returns its last lines of output */
  run(command: string, args: string[]): Promise<string[]>;
  /** Checks the types of these files and of the files that they import. @returns the output of the compiler */
  checkTypes(files: string[]): Promise<string[]>;
  /** Checks the types of the whole storefront. @returns the output of the compiler */
  checkStorefrontTypes(): Promise<string[]>;
  /** @returns the last lines of the output of Jest */
  runUnitTests(files: string[]): Promise<string[]>;
  remove(): Promise<void>;
}

const notCopied = /^(?:node_modules|dist|\.git|\.data)$|\.tsbuildinfo$/;
const deadlineMs = 200_000;

export async function copyRepository(): Promise<RepositoryCopy> {
  const { path, remove } = await temporaryDirectory();
  await cp(repositoryRoot, path, { recursive: true, filter: (source) => !notCopied.test(basename(source)) });
  await linkPackages(path);
  const inherited = inheritedEnvironment();
  const env = { ...inherited, PATH: `${join(repositoryRoot, 'node_modules', '.bin')}:${inherited['PATH']}` };
  const run = (command: string, args: string[]) =>
    runToEnd({ name: basename(command), command, args, cwd: path, env, deadlineMs });
  return {
    path,
    run,
    checkTypes: async (files) => {
      const config = { extends: './tests/tsconfig.json', include: [], references: [], files };
      await writeFile(join(path, 'tsconfig.files.json'), JSON.stringify(config));
      return run('tsc', ['--project', 'tsconfig.files.json']);
    },
    checkStorefrontTypes: async () => {
      const config = { extends: './tsconfig.json', references: [] };
      await writeFile(join(path, 'services/web/tsconfig.copy.json'), JSON.stringify(config));
      return run('tsc', ['--project', 'services/web/tsconfig.copy.json', '--incremental', 'false']);
    },
    runUnitTests: (files) => {
      const options = ['--selectProjects=unit', '--runInBand', `--cacheDirectory=${join(path, '.cache')}`];
      return run('jest', [...options, '--runTestsByPath', ...files]);
    },
    remove,
  };
}

/** Gives the copy the installed packages. Our own packages are those of the copy. */
async function linkPackages(copy: string): Promise<void> {
  const [from, to] = [join(repositoryRoot, 'node_modules'), join(copy, 'node_modules')];
  await mkdir(to);
  const ours = '@widget-store';
  const names = (await readdir(from)).filter((name) => name !== ours && !name.startsWith('.'));
  await Promise.all(names.map((name) => symlink(join(from, name), join(to, name))));
  const ofStorefront = join('services', 'web', 'node_modules');
  await symlink(join(repositoryRoot, ofStorefront), join(copy, ofStorefront));
  await cp(join(from, ours), join(to, ours), { recursive: true, verbatimSymlinks: true });
}

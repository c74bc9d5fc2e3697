import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inheritedEnvironment, repositoryRoot, runToEnd, temporaryDirectory } from '@widget-store/dev';

/** A copy of the repository to which a patch was applied. It is not built. */
export interface PatchedTree {
  path: string;
  /** The files that the patch changes or adds, relative to the root. */
  changed: string[];
  /** Checks the types of the changed files and of the files that they import. @returns the output of the compiler */
  checkTypes(): Promise<string[]>;
  /** Runs the changed unit tests. @returns the last lines of the output of Jest */
  runChangedTests(): Promise<string[]>;
  remove(): Promise<void>;
}

const notCopied = /^(?:node_modules|dist|bench|screenshots|\.git|\.data)$|\.tsbuildinfo$/;
const deadlineMs = 80_000;

/** @param patch the path of the patch, relative to the root of the repository */
export async function applyToCopy(patch: string): Promise<PatchedTree> {
  const { path, remove } = await temporaryDirectory();
  await cp(repositoryRoot, path, { recursive: true, filter: (source) => !notCopied.test(basename(source)) });
  await linkPackages(path);
  const run = (name: string, args: string[]) =>
    runToEnd({ name, command: name, args, cwd: path, env: environment(), deadlineMs });
  // One line of context must match, so that most changes of neighbouring lines leave the patch usable.
  await run('git', ['apply', '-C1', join(repositoryRoot, patch)]);
  const changed = changedFiles(await readFile(join(repositoryRoot, patch), 'utf8'));
  const isUnitTest = (file: string): boolean => file.endsWith('.test.ts') && !file.startsWith('tests/');
  return {
    path,
    changed,
    checkTypes: async () => {
      const files = changed.filter((file) => file.endsWith('.ts'));
      const config = { extends: './tests/tsconfig.json', include: [], references: [], files };
      await writeFile(join(path, 'tsconfig.changed.json'), JSON.stringify(config));
      return run('tsc', ['--project', 'tsconfig.changed.json']);
    },
    runChangedTests: () => {
      const options = ['--selectProjects=unit', '--runInBand', `--cacheDirectory=${join(path, '.cache')}`];
      return run('jest', [...options, '--runTestsByPath', ...changed.filter(isUnitTest)]);
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
  await cp(join(from, ours), join(to, ours), { recursive: true, verbatimSymlinks: true });
}

function environment() {
  const inherited = inheritedEnvironment();
  return { ...inherited, PATH: `${join(repositoryRoot, 'node_modules', '.bin')}:${inherited['PATH']}` };
}

function changedFiles(patch: string): string[] {
  return [...patch.matchAll(/^\+\+\+ b\/(?<file>.+)$/gm)].map(({ groups }) => groups?.['file'] ?? '');
}

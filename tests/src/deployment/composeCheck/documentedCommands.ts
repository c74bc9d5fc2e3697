import { readRepositoryFile } from '../../support/repositoryFile';
import type { ComposeProject } from './composeProject';

/**
 * Returns the shell scripts under a heading of docs/production.md, in their order, with the ports of the project.
 *
 * @throws Error if there is no such heading
 */
export function documentedCommands({ ports }: ComposeProject, heading: string): string[] {
  const [, chapter] = readRepositoryFile('docs/production.md').split(new RegExp(`^#+ ${heading}\n`, 'm'));
  if (chapter === undefined) throw new Error(`docs/production.md has no heading ${heading}`);
  const [text = ''] = chapter.split(/^##+ /m);
  const scripts = [...text.matchAll(/^```sh\n(?<script>[^]*?)^```$/gm)];
  return scripts.map(({ groups }) =>
    Object.entries(ports).reduce(
      (script, [documented, port]) => script.replaceAll(`127.0.0.1:${documented}`, `127.0.0.1:${port}`),
      groups?.['script'] ?? '',
    ),
  );
}

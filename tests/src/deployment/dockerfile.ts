import { readRepositoryFile } from '../support/repositoryFile';

export const dockerfile = readRepositoryFile('Dockerfile');

export function stageOf(name: string): string {
  const stage = dockerfile.split(/^(?=FROM )/m).find((text) => text.split('\n', 1)[0]?.endsWith(` AS ${name}`));
  if (stage === undefined) throw new Error(`There is no stage ${name}.`);
  return stage;
}

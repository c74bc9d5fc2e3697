import { messageOf } from './errors';
import { removableParts } from './removal/parts';
import { removePart } from './removal/removePart';

/** The program of `make remove`: removes a part from the repository in the current directory. */
async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const part = new Map(Object.entries(removableParts)).get(name);
  if (part === undefined) {
    const names = Object.keys(removableParts).join(', ');
    throw new Error(`PART must be one of ${names}: make remove PART=bench`);
  }
  const changed = await removePart(part);
  process.stdout.write(`Deleted ${part.paths.join(', ')}\nChanged ${changed.join(', ')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`make remove: ${messageOf(error)}\n`);
  process.exitCode = 1;
});

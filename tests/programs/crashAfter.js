const { existsSync, renameSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Wraps activities so that this process dies, by SIGKILL, right after an activity's commit and before its report. A file in the
 * directory that is called like the activity asks for it, once: it is renamed as the proof, with the process's id.
 */
exports.crashAfter = (activities, directory) =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (input) => {
        const result = await activity(input);
        if (directory !== undefined && isClaimed(join(directory, name))) process.kill(process.pid, 'SIGKILL');
        return result;
      },
    ]),
  );

/** Renaming is atomic: of two workers one dies. */
function isClaimed(file) {
  if (!existsSync(file)) return false;
  try {
    renameSync(file, `${file}.${process.pid}`);
    return true;
  } catch {
    return false;
  }
}

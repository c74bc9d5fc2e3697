/**
 * Returns a JSON file without the entries that name one of these paths or a path below it. In `knip.json`, the paths of
 * entries begin in a package.
 */
export function withoutPaths(text: string, paths: string[]): string {
  const names = (value: unknown): boolean => {
    if (typeof value !== 'string') return false;
    const path = value.replace(/^(?:\.\.?\/)+/, '');
    const isInPackage = (removed: string): boolean => path.includes('/') && removed.endsWith(`/${path}`);
    return paths.some((removed) => path === removed || path.startsWith(`${removed}/`) || isInPackage(removed));
  };
  /** A reference of TypeScript has a `path`, and an override of oxlint has `files`. */
  const isOfRemoved = (entry: unknown): boolean => {
    if (typeof entry !== 'object' || entry === null) return names(entry);
    const { path, files } = entry as { path?: unknown; files?: unknown };
    return names(path) || (Array.isArray(files) && files.length > 0 && files.every(names));
  };
  const prune = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((entry) => !isOfRemoved(entry)).map(prune);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => !names(key));
    return Object.fromEntries(kept.map(([key, entry]) => [key, prune(entry)]));
  };
  const before: unknown = JSON.parse(text);
  const after = JSON.stringify(prune(before), null, 2);
  if (after === JSON.stringify(before, null, 2)) return text;
  return `${after.replaceAll(/\{\n\s*("path": "[^"]*")\n\s*\}/g, '{ $1 }')}\n`;
}

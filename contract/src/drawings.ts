/** The store's own pictures of products: the files in `services/web/public/drawings`. */
const drawings = ['premium', 'pocket', 'silent', 'duo', 'outdoor', 'careKit'] as const;
type Drawing = (typeof drawings)[number];

/** The path at which the api serves a drawing. An `image_url` can be such a path. */
export function drawingPath(drawing: Drawing): string {
  return `/drawings/${drawing}.svg`;
}

/** The picture of a product that has none of its own. */
export const defaultDrawing = drawingPath(drawings[0]);

export const drawingPaths: readonly string[] = drawings.map(drawingPath);

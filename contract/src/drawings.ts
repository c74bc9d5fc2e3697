/** The store's own pictures of products. The storefront shows the first one if a product has no picture. */
const drawings = ['premium', 'pocket', 'silent', 'duo', 'outdoor', 'careKit'] as const;
type Drawing = (typeof drawings)[number];

/** The path at which the api serves a drawing. An `image_url` can be such a path. */
export function drawingPath(drawing: Drawing): string {
  return `/drawings/${drawing}.svg`;
}

export const drawingPaths: readonly string[] = drawings.map(drawingPath);

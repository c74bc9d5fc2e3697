import { texts } from '../texts.js';

/** The widget as on a workshop drawing: a plan view with its centre lines and dimensions. */
export function WidgetDrawing() {
  return (
    <svg className="drawing" viewBox="0 0 400 400" role="img" aria-label={texts.home.drawing}>
      <g className="drawing-centre">
        <path d="M200 30v320M40 190h320" />
      </g>
      <g className="drawing-outline">
        <path d="M200 60 312.6 125v130L200 320 87.4 255V125z" />
        <circle cx="200" cy="190" r="112" />
        <circle cx="200" cy="190" r="58" />
      </g>
      <g className="drawing-hidden">
        <path
          d="M252 216.300A58 58 0 1 1 226.300 138"
          transform="translate(200 190) scale(1.15) translate(-200 -190)"
        />
      </g>
      <g className="drawing-dimension">
        <path d="M87.400 262v94M312.600 262v94M87.400 348h225.200" />
        <path d="m87.400 348 9-4v8zM312.600 348l-9-4v8z" />
        <path d="M241 149 306 84h44" />
        <path d="m241 149 9.200-3.500-5.700-5.700z" />
      </g>
      <g className="drawing-label" aria-hidden="true">
        <text x="200" y="370">
          24.0
        </text>
        <text x="328" y="76">
          ⌀ 12
        </text>
      </g>
    </svg>
  );
}

// The small shapes of verdicts and severities. Each differs by shape, not only by colour.

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, { name: string, shape: [string, Record<string, string>] }>} */
const SHAPES = {
  holds: { name: "holds", shape: ["circle", { cx: "6", cy: "6", r: "5", fill: "currentColor" }] },
  fails: {
    name: "fails",
    shape: ["circle", { cx: "6", cy: "6", r: "4.25", fill: "none", "stroke-width": "1.75" }],
  },
  missing: {
    name: "missing",
    shape: [
      "circle",
      {
        cx: "6",
        cy: "6",
        r: "4.5",
        fill: "none",
        "stroke-width": "1.5",
        "stroke-dasharray": "2.36",
      },
    ],
  },
  unsearched: { name: "not searched", shape: ["path", { d: "M2 6H10", "stroke-width": "1.75" }] },
  error: {
    name: "error",
    shape: ["path", { d: "M6 .5 11.5 6 6 11.5 .5 6Z", fill: "currentColor", stroke: "none" }],
  },
  warning: {
    name: "warning",
    shape: [
      "path",
      {
        d: "M6 1.2 11.2 10.6H.8Z",
        fill: "none",
        "stroke-width": "1.6",
        "stroke-linejoin": "round",
      },
    ],
  },
  info: { name: "note", shape: ["path", { d: "M6 5V11M6 1V3", "stroke-width": "2" }] },
};

/**
 * One shape, named for screen readers.
 * @param {string} kind
 * @returns {SVGElement}
 */
export function icon(kind) {
  const { name, shape } = SHAPES[kind] ?? SHAPES.info;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("class", "g");
  svg.setAttribute("data-kind", kind);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", name);
  const part = document.createElementNS(SVG, shape[0]);
  if (shape[1].fill !== "currentColor") part.setAttribute("stroke", "currentColor");
  for (const [key, value] of Object.entries(shape[1])) part.setAttribute(key, value);
  svg.append(part);
  return svg;
}

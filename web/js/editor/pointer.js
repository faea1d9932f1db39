// Which character the pointer is over, at most once a frame.

import { ViewPlugin } from "@codemirror/view";

/** How far beside its character a pointer may be. */
const REACH_PX = 12;

/**
 * @param {(offset: number | null) => void} onHover
 */
export function hoverOffsets(onHover) {
  return ViewPlugin.define(
    (view) => ({
      frame: 0,
      last: null,
      /** @param {{ x: number, y: number } | null} point */
      aim(point) {
        cancelAnimationFrame(this.frame);
        this.frame = requestAnimationFrame(() => {
          const offset = point && offsetAt(view, point);
          if (offset === this.last) return;
          this.last = offset;
          onHover(offset);
        });
      },
      destroy() {
        cancelAnimationFrame(this.frame);
      },
    }),
    {
      eventHandlers: {
        mousemove({ clientX, clientY }) {
          this.aim({ x: clientX, y: clientY });
        },
        mouseleave() {
          this.aim(null);
        },
      },
    },
  );
}

function offsetAt(view, point) {
  const offset = view.posAtCoords(point);
  if (offset === null) return null;
  const at = view.coordsAtPos(offset);
  if (!at || point.y < at.top || point.y > at.bottom) return null;
  return point.x < at.left - REACH_PX || point.x > at.right + REACH_PX ? null : offset;
}

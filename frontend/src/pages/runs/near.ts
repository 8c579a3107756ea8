// Which items of a long list are near the part of the page that is seen.

import { useLayoutEffect, useState } from "preact/hooks";

/** With fewer items all are drawn, so that the browser's own search finds them. */
const ALL_UP_TO = 50;

/** Drawn above and below what is seen, in pixels: a turn of the wheel shows no gap. */
const MARGIN = 700;

/** Items come and go this many at a time: few, so that no turn of the wheel has many to draw. */
const STEP = 2;

/** Drawn before anything is measured. */
const FIRST = 32;

export type Range = readonly [first: number, end: number];

/** Where each item begins, and after the last where the list ends, in pixels. */
export function startsOf<Item>(items: readonly Item[], height: (item: Item) => number): number[] {
  let at = 0;
  return [0, ...items.map((item) => (at += height(item)))];
}

/** The items to draw, followed while the page scrolls; `list` is the element in which they stand. */
export function useNear(starts: readonly number[], list: { current: HTMLElement | null }): Range {
  const count = starts.length - 1;
  const [[first, end], setRange] = useState<Range>([0, FIRST]);
  useLayoutEffect(() => {
    if (count <= ALL_UP_TO) return;
    const follow = () => {
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = before(starts, top - MARGIN);
      const to = before(starts, top + window.innerHeight + MARGIN) + 1;
      const next: Range = [from - (from % STEP), to + STEP - (to % STEP)];
      setRange((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
    };
    follow();
    window.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
    return () => {
      window.removeEventListener("scroll", follow);
      window.removeEventListener("resize", follow);
    };
  }, [starts, count, list]);
  return count <= ALL_UP_TO ? [0, count] : [Math.min(first, count), Math.min(end, count)];
}

/** The last item that begins at or before a place. */
function before(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

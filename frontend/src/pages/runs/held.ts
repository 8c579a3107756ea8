// Nothing moves away from under the pointer: what is new waits until it has left the table.

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Item } from "./items";

export interface Held {
  items: readonly Item[];
  /** Runs that are not shown yet. */
  waiting: number;
  show: () => void;
}

/** Items as they were while the pointer is over the table, with fresh values; another wish is fulfilled at once. */
export function useHeld(
  fresh: readonly Item[],
  wish: string,
  table: { current: HTMLElement | null },
): Held {
  const { over, leave } = usePointerOver(table);
  const last = useRef({ wish, fresh, items: fresh });
  const held = over.current && last.current.wish === wish;
  const items = held ? inPlaces(last.current, fresh) : fresh;
  last.current = { wish, fresh, items };
  const waiting = items === fresh ? 0 : Math.max(0, runs(fresh) - runs(items));
  return { items, waiting, show: leave };
}

interface Shown {
  fresh: readonly Item[];
  items: readonly Item[];
}

/** The same array as before where nothing is new: while the page scrolls, nothing is. */
function inPlaces({ fresh: known, items }: Shown, fresh: readonly Item[]): readonly Item[] {
  if (fresh === known) return items;
  const now = new Map(fresh.map((item) => [item.key, item]));
  return items.flatMap(({ key }) => now.get(key) ?? []);
}

function runs(items: readonly Item[]): number {
  return items.filter(({ row }) => row).length;
}

function usePointerOver(table: { current: HTMLElement | null }) {
  const [, redraw] = useState({});
  const over = useRef(false);
  const leave = useCallback(() => {
    over.current = false;
    redraw({});
  }, []);
  useLayoutEffect(() => {
    const element = table.current;
    const enter = () => {
      over.current = true;
    };
    element?.addEventListener("pointerenter", enter);
    element?.addEventListener("pointerleave", leave);
    return () => {
      element?.removeEventListener("pointerenter", enter);
      element?.removeEventListener("pointerleave", leave);
    };
  }, [table, leave]);
  return { over, leave };
}

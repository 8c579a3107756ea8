// What stands above pictures that are compared.

import { useEffect, useState } from "preact/hooks";
import { percent } from "../format";
import type { Item } from "./picture_pane";
import { type Change, enlarged, FIT, type Zoom } from "./zoom";

interface ZoomProps {
  zoom: Zoom;
  change: (by: Change) => void;
}

const STEP = 1.5;

export function ZoomTools({ zoom, change }: ZoomProps) {
  return (
    <span class="zoom-tools">
      <button
        type="button"
        aria-label="Zoom out"
        onClick={() => change((now) => enlarged(now, 1 / STEP))}
      >
        −
      </button>
      <output aria-label="Zoom">{percent(zoom.scale)}</output>
      <button
        type="button"
        aria-label="Zoom in"
        onClick={() => change((now) => enlarged(now, STEP))}
      >
        +
      </button>
      <button type="button" onClick={() => change(() => FIT)}>
        Fit
      </button>
    </span>
  );
}

/** Slow enough for everybody: far from three flashes a second. */
const BLINK_MS = 800;

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** It blinks by itself until it is stopped, but never where the system asks for little motion. */
export function BlinkTools({ swap }: { swap: () => void }) {
  const [runs, setRuns] = useState(!calm());
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(swap, BLINK_MS);
    return () => clearInterval(timer);
  }, [runs]);
  return (
    <span>
      <button
        type="button"
        onClick={() => {
          setRuns(false);
          swap();
        }}
      >
        Show the other (b)
      </button>{" "}
      {!calm() && (
        <button type="button" onClick={() => setRuns(!runs)}>
          {runs ? "Stop" : "Start"}
        </button>
      )}
    </span>
  );
}

interface PairProps {
  items: readonly Item[];
  pair: readonly number[];
  choose: (pair: readonly number[]) => void;
}

/** Which two of several pictures are laid over each other. */
export function PairChoice({ items, pair, choose }: PairProps) {
  return (
    <span>
      {["First", "Second"].map((name, side) => (
        <select
          key={name}
          aria-label={`${name} picture`}
          value={pair[side]}
          onChange={({ currentTarget }) =>
            choose(pair.map((old, at) => (at === side ? Number(currentTarget.value) : old)))
          }
        >
          {items.map((item, index) => (
            <option key={item.src} value={index}>
              {item.label}
            </option>
          ))}
        </select>
      ))}
    </span>
  );
}

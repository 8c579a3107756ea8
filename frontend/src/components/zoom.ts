// How far pictures are enlarged, and where. All pictures of a comparison share one.

/** `x` and `y` are how far the picture's middle is moved, as shares of its box. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };

/** Made of the latest one: several may come before the next picture is drawn. */
export type Change = (zoom: Zoom) => Zoom;

const MOST = 32;

/** Enlarged around a point, which stays where it is: shares of the box from its middle. */
export function enlarged({ scale, x, y }: Zoom, by: number, px = 0, py = 0): Zoom {
  const next = Math.min(Math.max(scale * by, 1), MOST);
  const share = next / scale;
  return inside({ scale: next, x: px - (px - x) * share, y: py - (py - y) * share });
}

export function moved({ scale, x, y }: Zoom, dx: number, dy: number): Zoom {
  return inside({ scale, x: x + dx, y: y + dy });
}

/** The box stays covered. */
function inside({ scale, x, y }: Zoom): Zoom {
  const most = (scale - 1) / 2;
  const within = (value: number) => Math.min(Math.max(value, -most), most);
  return { scale, x: within(x), y: within(y) };
}

export function transformOf({ scale, x, y }: Zoom): string {
  return `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
}

const STEP = 0.1;

/** What keys make of it. */
export const ZOOM_KEYS: Partial<Record<string, Change>> = {
  "+": (zoom) => enlarged(zoom, 1.5),
  "=": (zoom) => enlarged(zoom, 1.5),
  "-": (zoom) => enlarged(zoom, 1 / 1.5),
  "0": () => FIT,
  ArrowLeft: (zoom) => moved(zoom, STEP, 0),
  ArrowRight: (zoom) => moved(zoom, -STEP, 0),
  ArrowUp: (zoom) => moved(zoom, 0, STEP),
  ArrowDown: (zoom) => moved(zoom, 0, -STEP),
};

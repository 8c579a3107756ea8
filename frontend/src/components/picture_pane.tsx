import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Shown } from "./picture";
import { type Change, enlarged, moved, transformOf, type Zoom } from "./zoom";

/** A picture to compare; `written` as in Shown. */
export interface Item {
  label: string;
  src: string;
  alt: string;
  written?: number | null;
}

/** Pixels of a line where the wheel counts lines: three are a notch of about 100. */
const LINE = 33;

interface PaneProps {
  change: (by: Change) => void;
  children: ComponentChildren;
}

/** A box of pictures that the pointer moves and enlarges. */
export function Pane({ change, children }: PaneProps) {
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const px = (event.clientX - box.left) / box.width - 0.5;
    const py = (event.clientY - box.top) / box.height - 0.5;
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
    change((zoom) => enlarged(zoom, 0.8 ** (pixels / 100), px, py));
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = event.currentTarget as HTMLElement;
    if (!box.hasPointerCapture(event.pointerId)) return;
    const dx = event.movementX / box.clientWidth;
    const dy = event.movementY / box.clientHeight;
    change((zoom) => moved(zoom, dx, dy));
  };
  return (
    <div
      class="pane"
      onWheel={onWheel}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={onPointerMove}
    >
      {children}
    </div>
  );
}

/** Screen pixels of a picture's pixel from which on it is shown as a square. */
const CRISP = 2;

/** Told the pixels of a picture once it is there. */
export type Sized = (width: number, height: number) => void;

interface ZoomedProps {
  item: Item;
  zoom: Zoom;
  sized: Sized;
}

export function Zoomed({ item, zoom, sized }: ZoomedProps) {
  const [fitted, setFitted] = useState(0);
  return (
    <Shown
      src={item.src}
      alt={item.alt}
      written={item.written ?? null}
      class={fitted * zoom.scale >= CRISP ? "crisp" : ""}
      transform={transformOf(zoom)}
      loaded={(image) => {
        const { naturalWidth, naturalHeight } = image;
        setFitted(Math.min(image.clientWidth / naturalWidth, image.clientHeight / naturalHeight));
        sized(naturalWidth, naturalHeight);
      }}
    />
  );
}

// The ways to show two pictures of the same images, or several.

import { useState } from "preact/hooks";
import { type Item, Pane, type Sized, Zoomed } from "./picture_pane";
import type { Change, Zoom } from "./zoom";

export interface ModeProps {
  items: readonly Item[];
  zoom: Zoom;
  change: (by: Change) => void;
  /** Which of two is seen. */
  upper: number;
  sized: Sized;
}

export function SideBySide({ items, sized, zoom, change }: ModeProps) {
  return items.map((item) => (
    <figure key={item.src}>
      {items.length > 1 && (
        <figcaption>
          <bdi>{item.label}</bdi>
        </figcaption>
      )}
      <Pane change={change}>
        <Zoomed item={item} zoom={zoom} sized={sized} />
      </Pane>
    </figure>
  ));
}

export function Swipe({ items, sized, zoom, change }: ModeProps) {
  const [share, setShare] = useState(50);
  const [left, right] = items;
  return (
    <div class="swiped" style={{ "--at": share / 100 }}>
      <p class="swipe-labels">
        <bdi>{left?.label}</bdi>
        <bdi>{right?.label}</bdi>
      </p>
      <Pane change={change}>
        {items.map((item) => (
          <div class="layer" key={item.src}>
            <Zoomed item={item} zoom={zoom} sized={sized} />
          </div>
        ))}
      </Pane>
      <input
        type="range"
        min="0"
        max="100"
        value={share}
        aria-label="Swipe"
        aria-valuetext={`${share} % ${left?.label}`}
        onInput={({ currentTarget }) => setShare(currentTarget.valueAsNumber)}
      />
    </div>
  );
}

export function Blink({ items, upper, sized, zoom, change }: ModeProps) {
  return (
    <figure>
      <figcaption>
        <bdi>{items[upper]?.label}</bdi>
      </figcaption>
      <Pane change={change}>
        {items.map((item, index) => (
          <div class={index === upper ? "layer" : "layer away"} key={item.src}>
            <Zoomed item={item} zoom={zoom} sized={sized} />
          </div>
        ))}
      </Pane>
    </figure>
  );
}

export function Difference({ items, sized, zoom, change }: ModeProps) {
  return (
    <figure>
      <figcaption>Black is where both are equal.</figcaption>
      <Pane change={change}>
        {items.map((item) => (
          <div class="layer differing" key={item.src}>
            <Zoomed item={item} zoom={zoom} sized={sized} />
          </div>
        ))}
      </Pane>
    </figure>
  );
}

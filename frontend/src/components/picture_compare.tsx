// Pictures of the same images against each other. All of them are enlarged and moved together.

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { go, place } from "../place";
import { Choice } from "./choice";
import { Blink, Difference, type ModeProps, SideBySide, Swipe } from "./picture_modes";
import type { Item } from "./picture_pane";
import { BlinkTools, PairChoice, ZoomTools } from "./picture_tools";
import { FIT, ZOOM_KEYS } from "./zoom";

interface Props {
  /** One to eight; one is only enlarged. */
  items: readonly Item[];
  /** Which two of several are compared at first; without it all of them are shown. */
  first?: readonly number[] | undefined;
}

interface Mode {
  value: string;
  text: string;
  Content: FunctionComponent<ModeProps>;
}
type Modes = readonly [Mode, ...Mode[]];

const ALL: Mode = { value: "all", text: "All", Content: SideBySide };
const OF_TWO: Modes = [
  { value: "side", text: "Side by side", Content: SideBySide },
  { value: "swipe", text: "Swipe", Content: Swipe },
  { value: "blink", text: "Blink", Content: Blink },
  { value: "difference", text: "Difference", Content: Difference },
];
const OF_SEVERAL: Modes = [ALL, ...OF_TWO];

export function PictureCompare({ items, first }: Props) {
  const [zoom, setZoom] = useState(FIT);
  const usual = first ?? [0, items.length - 1];
  const [pair, setPair] = useState(usual);
  const [swapped, setSwapped] = useState(false);
  const [wide, setWide] = useState(false);
  // Other pictures begin anew, and the focus stays where it is.
  useEffect(() => {
    setZoom(FIT);
    setPair(usual);
  }, [items[0]?.src, ...usual]);
  const modes = modesOf(items.length);
  const wanted = place.value.mode ?? (first && "side");
  const mode = modes.find(({ value }) => value === wanted) ?? modes[0];
  const swap = () => setSwapped((before) => !before);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const change = ZOOM_KEYS[event.key];
    if (change) setZoom(change);
    else if (event.key === "b" && mode.value === "blink") swap();
    else return;
    event.preventDefault();
  };
  const shown = mode.value === "all" ? items : pair.flatMap((index) => items[index] ?? []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: these keys do what its buttons do.
    <div class="compared" onKeyDown={onKeyDown}>
      <div class="compare-tools">
        {modes.length > 1 && (
          <Choice
            label="How to compare"
            options={modes}
            value={mode.value}
            choose={(value) => go({ mode: value }, "replace")}
          />
        )}
        {items.length > 2 && mode.value !== "all" && (
          <PairChoice items={items} pair={pair} choose={setPair} />
        )}
        {mode.value === "blink" && <BlinkTools swap={swap} />}
        <span class="spring" />
        <ZoomTools zoom={zoom} change={setZoom} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move what is in it. */}
      <section class={wide ? "stage wide" : "stage"} tabIndex={0} aria-label={HOW}>
        <mode.Content
          items={shown}
          zoom={zoom}
          change={setZoom}
          upper={swapped ? 1 : 0}
          sized={(width, height) => setWide(width > WIDE * height)}
        />
      </section>
    </div>
  );
}

/** From this ratio on pictures are larger below each other than beside each other. */
const WIDE = 1.7;

const HOW = "Pictures: arrow keys move them, + and − enlarge and reduce, 0 fits";

function modesOf(items: number): Modes {
  if (items < 2) return [ALL];
  return items > 2 ? OF_SEVERAL : OF_TWO;
}

/** What takes letters and arrows for itself. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

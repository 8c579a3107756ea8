// One set of pictures in front of everything, with the way to the next one of its section.

import { picturePath } from "../api";
import { Large } from "../components/large_picture";
import { isField, PictureCompare } from "../components/picture_compare";
import { go, place } from "../place";
import type { DetailedRun, Picture } from "../schema";
import { fullTitle, itemsOf, type PictureSet, setsOf } from "./images_sets";
import { ShownImageText } from "./images_thumb";

/** Opened by the address; nothing where it names no picture of this run. */
export function Viewer({ run }: { run: DetailedRun }) {
  const picture = run.pictures.find(({ id }) => id === place.value.pic);
  if (!picture) return null;
  const section = run.pictures.filter(({ role }) => role === picture.role);
  const views = viewsOf(section);
  const own = views.findIndex(({ of }) => of === picture);
  const at = own < 0 ? views.findIndex(({ set }) => set.includes(picture)) : own;
  return <Opened run={run} views={views} at={at} key={picture.role} />;
}

interface View {
  /** The address names it by this picture. */
  of: Picture;
  title: string;
  set: PictureSet;
  /** Pictures that can be opened by themselves. */
  originals: PictureSet;
  first?: readonly number[];
}

function viewsOf(section: readonly Picture[]): View[] {
  return setsOf(section).flatMap((set) =>
    set[0]?.role === "visualization"
      ? set.map((_, index) => iteration(set, index))
      : set.slice(0, 1).map((of) => ({ of, title: of.title, set, originals: set })),
  );
}

/** An iteration beside the one before it; the others can be chosen instead. */
function iteration(set: PictureSet, index: number): View {
  const second = Math.max(index, Math.min(1, set.length - 1));
  const of = set[index] as Picture;
  return {
    of,
    title: fullTitle(of),
    set,
    originals: [of],
    first: [Math.max(second - 1, 0), second],
  };
}

function Opened({ run, views, at }: { run: DetailedRun; views: readonly View[]; at: number }) {
  const step = (by: number) => {
    const next = views[(at + by + views.length) % views.length];
    if (next) go({ pic: next.of.id }, "replace");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  };
  const view = views[at];
  if (!view) return null;
  const { of, title, set, originals, first } = view;
  return (
    <Large
      title={title}
      file={originals.map(({ id }) => id).join(", ")}
      close={() => go({ pic: null }, "replace")}
      onKeyDown={onKeyDown}
      tools={
        <>
          {of.shows && <ShownImageText shows={of.shows} />}
          {originals.map(({ id, label }) => (
            <a key={id} href={picturePath(run.name, id)} target="_blank" rel="noopener noreferrer">
              Open {label ?? "original"}
            </a>
          ))}
          <span class="muted">
            {at + 1} of {views.length}
          </span>
          <button type="button" onClick={() => step(-1)}>
            Previous (p)
          </button>
          <button type="button" onClick={() => step(1)}>
            Next (n)
          </button>
        </>
      }
    >
      <PictureCompare items={itemsOf(run, set)} first={first} />
    </Large>
  );
}

import { smallPicturePath } from "../api";
import { Shown } from "../components/picture";
import { grouped } from "../format";
import { go } from "../place";
import type { DetailedRun, ShownImage } from "../schema";
import { altOf, type PictureSet } from "./images_sets";

/** Enough for a thumb on screens with two pixels where others have one. */
const WIDTH = 480;

export function open(id: string | undefined): void {
  go({ pic: id ?? null }, "push");
}

/** A set as a button that opens it. */
export function Thumb({ run, set }: { run: DetailedRun; set: PictureSet }) {
  const [first] = set;
  return (
    <li>
      <button type="button" class="thumb" onClick={() => open(first?.id)}>
        {set.map((picture) => (
          <Shown
            key={picture.id}
            src={smallPicturePath(run.name, picture.id, WIDTH)}
            alt={altOf(picture)}
            written={run.time.updated}
          />
        ))}
      </button>
      <p class="caption">
        {first?.shows ? (
          <ShownImageText shows={first.shows} />
        ) : (
          <>
            {first?.title} <bdi class="path muted">{set.map(({ id }) => id).join(", ")}</bdi>
          </>
        )}
      </p>
    </li>
  );
}

export function ShownImageText({ shows }: { shows: ShownImage }) {
  const [truth, taken] = shows.classes;
  return (
    <span>
      {taken === undefined ? (
        `${grouped(shows.missed)} missed, ${grouped(shows.false)} false`
      ) : (
        <>
          <bdi>{truth}</bdi> taken for <bdi>{taken}</bdi>
        </>
      )}{" "}
      {shows.image && <bdi class="path muted">{shows.image}</bdi>}
    </span>
  );
}

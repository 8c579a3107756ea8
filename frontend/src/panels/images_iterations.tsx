// Self-training draws one picture an iteration: a slider leads through them.

import { useState } from "preact/hooks";
import { smallPicturePath } from "../api";
import { Shown } from "../components/picture";
import type { DetailedRun } from "../schema";
import { altOf, labelOf, type PictureSet } from "./images_sets";
import { open } from "./images_thumb";

const WIDTH = 1600;

export function Iterations({ run, set }: { run: DetailedRun; set: PictureSet }) {
  const last = set.length - 1;
  const [chosen, setChosen] = useState(last);
  const at = Math.min(chosen, last);
  const picture = set[at];
  if (!picture) return null;
  const said = labelOf(picture);
  return (
    <div class="iterations">
      <div class="line">
        {last > 0 && (
          <input
            type="range"
            min="0"
            max={last}
            value={at}
            aria-label="Iteration"
            aria-valuetext={said}
            onInput={({ currentTarget }) => setChosen(currentTarget.valueAsNumber)}
          />
        )}
        <b>{said}</b>
        <bdi class="path muted">{picture.id}</bdi>
      </div>
      <button type="button" class="thumb whole" onClick={() => open(picture.id)}>
        <Shown
          src={smallPicturePath(run.name, picture.id, WIDTH)}
          alt={altOf(picture)}
          written={run.time.updated}
        />
      </button>
    </div>
  );
}

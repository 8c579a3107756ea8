// The same image as several runs show it: predictions on one validation batch, curves, matrices.

import { picturePath } from "../api";
import { Card } from "../components/card";
import { PictureCompare } from "../components/picture_compare";
import { go, place } from "../place";
import type { Contender } from "./contender";

/** Each run has worst images of its own. */
const OWN = ["worst"];

export function SamePictures({ all }: { all: readonly Contender[] }) {
  const titles = shared(all);
  const ids = [...titles.keys()];
  const id = ids.find((one) => one === place.value.pic) ?? ids.find(isPrediction) ?? ids[0];
  if (id === undefined) return null;
  const items = all
    .filter(({ run }) => run?.pictures.some((one) => one.id === id))
    .map(({ name, short }) => ({
      label: short,
      src: picturePath(name, id),
      alt: `${titles.get(id)} of ${short}`,
    }));
  return (
    <Card
      id="same"
      title="The same picture of each run"
      kind="wide"
      tools={
        <select
          aria-label="Picture"
          value={id}
          onChange={({ currentTarget }) => go({ pic: currentTarget.value }, "replace")}
        >
          {ids.map((one) => (
            <option key={one} value={one}>
              {titles.get(one)} ({one})
            </option>
          ))}
        </select>
      }
    >
      <p class="muted">
        Validation batches show the same images only where the validation data are the same.
      </p>
      <PictureCompare key={id} items={items} />
    </Card>
  );
}

/** Pictures that at least two runs have under the same name. */
function shared(all: readonly Contender[]): Map<string, string> {
  const seen = new Map<string, number>();
  const titles = new Map<string, string>();
  for (const { run } of all) {
    for (const { id, role, title } of run?.pictures ?? []) {
      if (OWN.includes(role)) continue;
      seen.set(id, (seen.get(id) ?? 0) + 1);
      titles.set(id, title);
    }
  }
  return new Map([...titles].filter(([id]) => (seen.get(id) ?? 0) > 1));
}

function isPrediction(id: string): boolean {
  return id.includes("_pred");
}

// The worst validation images by the kind of their errors, and by class where that is recorded.

import { useState } from "preact/hooks";
import { Choice } from "../components/choice";
import { count } from "../format";
import { go, place } from "../place";
import type { DetailedRun, Picture } from "../schema";
import { setsOf } from "./images_sets";
import { Thumb } from "./images_thumb";

const KINDS = [
  { value: "all", text: "All errors" },
  { value: "missed", text: "Missed" },
  { value: "false", text: "False" },
] as const;
type Kind = (typeof KINDS)[number]["value"];

export function Worst({ run, pictures }: { run: DetailedRun; pictures: readonly Picture[] }) {
  const [kind, setKind] = useState<Kind>("all");
  const classes = [...new Set(pictures.flatMap(({ shows }) => shows?.classes ?? []))].sort();
  const wanted = classes.find((name) => name === place.value.cls);
  const counted = pictures.some(({ shows }) => shows && shows.classes.length === 0);
  const shown = ranked(pictures, kind).filter(
    ({ shows }) => wanted === undefined || shows?.classes.includes(wanted),
  );
  return (
    <>
      <div class="compare-tools">
        {counted && (
          <Choice
            label="Errors"
            options={KINDS}
            value={kind}
            choose={(value) => setKind(value as Kind)}
          />
        )}
        {classes.length > 0 && (
          <select
            aria-label="Class"
            value={wanted ?? ""}
            onChange={({ currentTarget }) => go({ cls: currentTarget.value || null }, "replace")}
          >
            <option value="">all classes</option>
            {classes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
        <span class="muted" role="status">
          {count(shown.length, "image")}
        </span>
      </div>
      <ul class="thumbs">
        {setsOf(shown).map((set) => (
          <Thumb key={set[0]?.id} run={run} set={set} />
        ))}
      </ul>
    </>
  );
}

/** Those with errors of a kind, most first; all stay in the order in which they were recorded. */
function ranked(pictures: readonly Picture[], kind: Kind): readonly Picture[] {
  if (kind === "all") return pictures;
  const errors = ({ shows }: Picture) => shows?.[kind] ?? 0;
  return pictures.filter(errors).sort((a, b) => errors(b) - errors(a));
}

// Boxes, masks, keypoints: what metrics are measured on, chosen once for the whole page.

import { go, place } from "../place";
import type { DetailedRun } from "../schema";
import { groupWord } from "../words";
import { Choice } from "./choice";

/** The group that the address names, else the one that the run is judged by, else the first. */
export function chosenGroup(groups: readonly string[], run: DetailedRun): string | undefined {
  const wishes = [place.value.group, run.main_metric?.group, groups[0]];
  return wishes.find((group) => group != null && groups.includes(group)) ?? undefined;
}

interface GroupChoiceProps {
  label: string;
  groups: readonly string[];
  chosen: string;
}

/** Nothing where there is nothing to choose. */
export function GroupChoice({ label, groups, chosen }: GroupChoiceProps) {
  if (groups.length < 2) return null;
  return (
    <Choice
      label={label}
      options={groups.map((value) => ({ value, text: groupWord(value) }))}
      value={chosen}
      choose={(group) => go({ group, conf: null }, "replace")}
    />
  );
}

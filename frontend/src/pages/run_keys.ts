// The keys of the Run page.

import { useRef } from "preact/hooks";
import { ask } from "../api";
import { announce } from "../components/announcements";
import { muted } from "../kept";
import { type Keys, useKeys } from "../keys";
import { show } from "../panels/evidence";
import { focusFinding } from "../panels/focus_finding";
import { TABS } from "../panels/tabs";
import { go, openRun, openRuns, place } from "../place";
import type { DetailedRun, TableAnswer } from "../schema";
import { listed, table } from "../table";
import { keyed, type View } from "../view";

export function useRunKeys(name: string, run: DetailedRun | undefined, view: View): void {
  const reached = useRef(-1);
  const keys = run
    ? keyed(run.findings).filter(({ finding }) => !muted.value.includes(finding.rule))
    : [];
  const reach = (step: number) => {
    if (keys.length === 0) return;
    reached.current = (Math.max(reached.current + step, -1) + keys.length) % keys.length;
    focusFinding(keys[reached.current]?.key);
  };
  useKeys({
    Escape: () => {
      if (view.shown.value === null) openRuns();
      else view.shown.value = null;
    },
    "g r": openRuns,
    f: () => reach(1),
    j: () => reach(1),
    k: () => reach(-1),
    s: () => {
      const key = (keys[reached.current] ?? keys[0])?.key;
      if (run && key) show(run, view, key);
    },
    "[": () => void openNeighbour(name, -1),
    "]": () => void openNeighbour(name, 1),
    ...TAB_KEYS,
  });
}

const TAB_KEYS: Keys = Object.fromEntries(
  TABS.map(({ id, title }, nth) => [
    String(nth + 1),
    () => {
      go({ tab: id }, "push");
      announce(title);
    },
  ]),
);

/** The run before or after this one, as the Runs page showed them last, else as the server lists them. */
async function openNeighbour(name: string, step: number): Promise<void> {
  const names = listed.value.includes(name) ? listed.value : await allNames();
  const next = names[names.indexOf(name) + step];
  if (next === undefined) announce(step < 0 ? "This is the first run." : "This is the last run.");
  else openRun(next, place.value.tab ?? null);
}

async function allNames(): Promise<string[]> {
  const known =
    table.answer.value ?? (await ask<TableAnswer>("./table", null).catch(() => null))?.answer;
  return known?.rows.map((row) => row.name) ?? [];
}

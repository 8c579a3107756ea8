// The runs that are chosen in the table, and what can be done with them.

import { signal } from "@preact/signals";
import { announce } from "../../components/announcements";
import { count } from "../../format";
import { openComparison } from "../../place";

/** By name; kept while another page is open. */
export const chosen = signal<ReadonlySet<string>>(new Set());

const MOST = 8;

export function toggle(name: string): void {
  const next = new Set(chosen.peek());
  if (!next.delete(name)) next.add(name);
  chosen.value = next;
  announce(`${name} ${next.has(name) ? "selected" : "not selected"}, ${next.size} in all`);
}

export function choose(names: readonly string[]): void {
  chosen.value = new Set(names);
}

/** The baseline comes first, and joins a single run that is to be compared. */
function toCompare(names: readonly string[], baseline: string | null): string[] {
  if (baseline === null || (names.length > 1 && !names.includes(baseline))) return [...names];
  return [baseline, ...names.filter((name) => name !== baseline)];
}

/** Opens the comparison, or says why there is none. */
export function compare(names: readonly string[], baseline: string | null): void {
  const runs = toCompare(names, baseline);
  if (runs.length >= 2 && runs.length <= MOST) openComparison(runs);
  else announce(`Compare takes 2 to ${MOST} runs; ${runs.length} selected.`);
}

interface Props {
  names: readonly string[];
  baseline: string | null;
  setBaseline: (name: string) => void;
}

export function SelectionBar({ names, baseline, setBaseline }: Props) {
  const [only] = names;
  if (only === undefined) return null;
  const runs = toCompare(names, baseline).length;
  return (
    <section class="bar selection" aria-label="Selected runs">
      <b>{count(names.length, "run")} selected</b>
      <button
        type="button"
        aria-keyshortcuts="c"
        disabled={runs < 2 || runs > MOST}
        onClick={() => compare(names, baseline)}
      >
        Compare {names.length === 1 && runs === 2 && "with the baseline"} (c)
      </button>
      {(runs < 2 || runs > MOST) && <span class="muted">Compare takes 2 to {MOST} runs</span>}
      {names.length === 1 && (
        <button type="button" aria-keyshortcuts="b" onClick={() => setBaseline(only)}>
          {only === baseline ? "Unset baseline" : "Set baseline"} (b)
        </button>
      )}
      <button type="button" onClick={() => choose([])}>
        Clear
      </button>
    </section>
  );
}

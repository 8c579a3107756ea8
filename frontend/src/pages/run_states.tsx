// What must be known before the verdict is read: half-read files, too few epochs, and the finding that is shown.

import { count } from "../format";
import type { DetailedRun } from "../schema";
import { shownFinding, type View } from "../view";
import { ruleWord } from "../words";

/** What was not read as it stands, at the top: a verdict on half a file must not look like one on all of it. */
export function ReadingProblems({ run }: { run: DetailedRun }) {
  const [first] = run.problems;
  if (!first) return null;
  const where = first.line === null ? first.file : `${first.file} line ${first.line}`;
  const more = run.problems.length - 1;
  return (
    <p class="notice warning">
      {where}: {first.problem}
      {more > 0 && ` (and ${count(more, "more problem")}, see Files)`}
    </p>
  );
}

/** How far a training is from its first verdict. */
export function TooShort({ run }: { run: DetailedRun }) {
  const { epochs_needed: needed, validated } =
    run.findings.find(({ rule }) => rule === "too-short")?.evidence ?? {};
  if (typeof needed !== "number" || typeof validated !== "number") return null;
  return (
    <p class="notice">
      <progress value={validated} max={needed} aria-label="Epochs until a verdict" />
      No verdict yet ({count(validated, run.axis)}; needs {needed})
    </p>
  );
}

/** The finding whose evidence stands on the page, with the way back. */
export function ShownFinding({ run, view }: { run: DetailedRun; view: View }) {
  const shown = shownFinding(run, view);
  if (!shown) return null;
  return (
    <p class="notice shown-finding">
      <span>
        <b>{ruleWord(shown.rule)}:</b> {shown.summary}
      </span>
      <button
        type="button"
        onClick={() => {
          view.shown.value = null;
        }}
      >
        Show everything
      </button>
    </p>
  );
}

/** The files that each tab lives on, by their role. */
const LIVES_ON: Readonly<Record<string, string>> = {
  overview: "results",
  losses: "results",
  threshold: "curve",
  confusion: "confusion",
};

/** Below a tab: the files that would have told more, and when they are written. */
export function NotThere({ run, tab }: { run: DetailedRun; tab: string }) {
  const roles = LIVES_ON[tab]?.split(" ") ?? [];
  const absent = run.expected.filter(({ role }) => roles.includes(role));
  if (absent.length === 0) return null;
  return (
    <ul class="not-there muted">
      {absent.map(({ file, when, missing, due }) => (
        <li key={file}>
          {file} is not there: {missing}. It is written {when}
          {due && ", which is past"}.
        </li>
      ))}
    </ul>
  );
}

// The Runs page: every run under the logdir, best first, each with what to do about it.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { TroubleBanner } from "../components/trouble";
import { filterRows, readKinds } from "../filter";
import { count } from "../format";
import { go, openRun, place } from "../place";
import type { Progress, TableAnswer, Unreadable } from "../schema";
import { table } from "../table";
import { FilterBar } from "./filter_bar";
import { RunsTable } from "./runs_table";
import { onKey } from "./shortcuts";

/** Where the page was left, to return there. */
let left: { run: string; scroll: number } | null = null;

function leaveFor(run: string): void {
  left = { run, scroll: window.scrollY };
  openRun(run);
}

export function RunsPage() {
  useEffect(() => table.start(), []);
  const answer = table.answer.value;
  const back = useReturn(answer !== null);
  return (
    <main ref={back}>
      <header class="bar">
        <h1 tabIndex={-1}>RunLens</h1>
        {answer && (
          <span class="muted">
            <bdi>{answer.logdir}</bdi> · {count(answer.rows.length, "run")}
          </span>
        )}
        {answer && !answer.progress.complete && <ScanProgress progress={answer.progress} />}
        <span class="spring" />
        <button type="button" onClick={table.refresh}>
          Refresh
        </button>
      </header>
      <TroubleBanner poll={table} />
      {answer ? <Content answer={answer} /> : !table.trouble.value && <Loading />}
    </main>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <>
      {notes.map((note) => (
        <p class="notice info" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}

function Content({ answer }: { answer: TableAnswer }) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(
    () =>
      onKey("/", () => {
        search.current?.focus();
        search.current?.select();
      }),
    [],
  );
  const { rows, notes, progress, unreadable } = answer;
  if (rows.length === 0) {
    return (
      <>
        <Notes notes={notes} />
        {progress.complete ? <Empty logdir={answer.logdir} /> : <Loading />}
        <UnreadableFolders folders={unreadable} />
      </>
    );
  }
  const text = place.value.q ?? "";
  const kinds = readKinds(place.value.show);
  const shown = filterRows(rows, text, kinds);
  return (
    <>
      <FilterBar rows={rows} text={text} kinds={kinds} search={search} />
      <Notes notes={notes} />
      {shown.length > 0 ? (
        <div class="runs-box">
          <RunsTable rows={shown} logdir={answer.logdir} open={leaveFor} />
        </div>
      ) : (
        <div class="empty">
          <p>None of {count(rows.length, "run")} matches.</p>
          <button type="button" onClick={() => go({ q: null, show: null }, "replace")}>
            Clear the filter
          </button>
        </div>
      )}
      <UnreadableFolders folders={unreadable} />
    </>
  );
}

function ScanProgress({ progress: { read, total } }: { progress: Progress }) {
  return (
    <span class="progress" role="status">
      <progress aria-label="Runs read" {...(total ? { value: read, max: total } : {})} />
      {total
        ? `${read} of ${count(total, "run")} read`
        : `${count(read, "run")} read, looking for more`}
    </span>
  );
}

function Loading() {
  return (
    <div class="skeletons" role="status">
      <span class="unseen">Reading the runs</span>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}

function Empty({ logdir }: { logdir: string }) {
  return (
    <div class="empty">
      <p>
        No training runs under <bdi>{logdir}</bdi>. Looked for results.csv, results.txt, args.yaml,
        opt.yaml and event files.
      </p>
      <p class="muted">
        Start TensorBoard on the folder that holds your runs: <code>tensorboard --logdir runs</code>
      </p>
    </div>
  );
}

function UnreadableFolders({ folders }: { folders: readonly Unreadable[] }) {
  if (folders.length === 0) return null;
  return (
    <details class="unreadable">
      <summary>{count(folders.length, "folder")} could not be read as a run</summary>
      <ul>
        {folders.map(({ path, reason }) => (
          <li key={path}>
            <bdi class="path">{path}</bdi> <span class="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Coming back from a run's page puts scroll and focus where they were. */
function useReturn(ready: boolean) {
  const page = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (!left || !ready) return;
    window.scrollTo(0, left.scroll);
    const buttons = page.current?.querySelectorAll<HTMLElement>("[data-run]") ?? [];
    const opened = left.run;
    [...buttons].find(({ dataset }) => dataset.run === opened)?.focus({ preventScroll: true });
    left = null;
  }, [ready]);
  return page;
}

// The Run page: verdict first, then the evidence on the charts, then what the files say.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { runPath } from "../api";
import { Boundary } from "../components/boundary";
import { RunName } from "../components/facts";
import { TroubleBanner } from "../components/trouble";
import { HealthMark } from "../components/verdict";
import { count } from "../format";
import { PANELS } from "../panels";
import type { Panel, PanelProps } from "../panels/panel";
import { openRuns } from "../place";
import type { DetailedRun, ShowAnswer } from "../schema";
import { table } from "../table";
import { usePoll } from "../use_poll";
import { createView } from "../view";
import { RunFacts, Verdict } from "./run_head";
import { onKey } from "./shortcuts";

export function RunPage({ name }: { name: string }) {
  const poll = usePoll<ShowAnswer>(runPath(name));
  const view = useMemo(createView, []);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => onKey("Escape", openRuns), []);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  const run = poll.answer.value?.run;
  return (
    <main>
      <header class="bar">
        <button type="button" onClick={openRuns}>
          ← Runs
        </button>
        <div class="run-title">
          <div class="line">
            <h1 tabIndex={-1} ref={heading}>
              <RunName name={name} logdir={table.answer.value?.logdir} />
            </h1>
            {run && <HealthMark health={run.health} />}
          </div>
          {run && <RunFacts run={run} />}
        </div>
        <button type="button" onClick={poll.refresh}>
          Refresh
        </button>
      </header>
      <TroubleBanner poll={poll} />
      {run ? (
        <>
          <ReadingProblems run={run} />
          <Verdict run={run} />
          <Panels run={run} view={view} />
        </>
      ) : (
        !poll.trouble.value && <Loading />
      )}
    </main>
  );
}

/** What was not read as it stands, at the top: a verdict on half a file must not look like one on all of it. */
function ReadingProblems({ run }: { run: DetailedRun }) {
  const [first] = run.problems;
  if (!first) return null;
  const where = first.line === null ? first.file : `${first.file} line ${first.line}`;
  const more = run.problems.length - 1;
  return (
    <p class="notice warning">
      {where}: {first.problem}
      {more > 0 && ` (and ${count(more, "more problem")}, see Files and problems)`}
    </p>
  );
}

const PLACES: readonly Panel["place"][] = ["side", "charts", "details"];

function Panels(props: PanelProps) {
  return (
    <div class="panels">
      {PLACES.map((place) => (
        <div class={`place-${place}`} key={place}>
          {PANELS.filter((panel) => panel.place === place).map((panel) => (
            <Guarded key={panel.id} panel={panel} {...props} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Guarded({ panel, ...props }: PanelProps & { panel: Panel }) {
  return (
    <Boundary what={`The panel "${panel.id}"`}>
      <panel.Content {...props} />
    </Boundary>
  );
}

function Loading() {
  return (
    <div class="skeletons" role="status">
      <span class="unseen">Reading the run</span>
      <div class="skeleton" />
      <div class="skeleton tall" />
      <div class="skeleton tall" />
    </div>
  );
}

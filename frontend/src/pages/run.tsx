// The Run page: verdict first, then its tabs with the evidence.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { runPath } from "../api";
import { CopyButton } from "../components/copy";
import { RunName } from "../components/facts";
import { HelpButton } from "../components/help";
import { Refresh } from "../components/refresh";
import { ReportMenu } from "../components/report_menu";
import { TroubleBanner } from "../components/trouble";
import { HealthMark } from "../components/verdict";
import { outer } from "../host";
import { openRuns } from "../place";
import type { Poll } from "../poll";
import type { ShowAnswer } from "../schema";
import { table } from "../table";
import { usePoll } from "../use_poll";
import { createView } from "../view";
import { RunFacts, Verdict } from "./run_head";
import { useRunKeys } from "./run_keys";
import { Panels } from "./run_panels";
import { ReadingProblems, ShownFinding, TooShort } from "./run_states";
import { RunTabs } from "./run_tabs";

export function RunPage({ name }: { name: string }) {
  const poll = usePoll<ShowAnswer>(runPath(name));
  const view = useMemo(createView, []);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  useOthers(poll);
  const run = poll.answer.value?.run;
  useRunKeys(name, run, view);
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
        <CopyButton text={() => outer.location.href} label="link">
          Copy link
        </CopyButton>
        <ReportMenu runs={[name]} />
        <Refresh poll={poll} />
        <HelpButton />
      </header>
      <TroubleBanner poll={poll} />
      {run ? (
        <>
          <ReadingProblems run={run} />
          <TooShort run={run} />
          <Verdict run={run} />
          <RunTabs />
          <ShownFinding run={run} view={view} />
          <Panels run={run} view={view} />
        </>
      ) : (
        !poll.trouble.value && <Loading />
      )}
    </main>
  );
}

/** A run that was opened by a link is ranked as soon as the others are read. */
function useOthers(poll: Poll<ShowAnswer>): void {
  const complete = table.answer.value?.progress.complete ?? false;
  const before = useRef(complete);
  useEffect(() => (before.current ? undefined : table.start()), []);
  useEffect(() => {
    if (complete && !before.current) poll.refresh();
    before.current = complete;
  }, [complete, poll]);
}

function Loading() {
  return (
    <div class="skeletons" role="status">
      <span class="unseen">Reading the run</span>
      <div class="skeleton" />
      <div class="skeleton line" />
      <div class="panels overview">
        <div class="skeleton tall" />
        <div class="skeleton tall" />
      </div>
    </div>
  );
}

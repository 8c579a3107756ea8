// The Run page: verdict first, then the evidence on the charts, then what the files say.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { runPath } from "../api";
import { Boundary } from "../components/boundary";
import { RunName } from "../components/facts";
import { TroubleBanner } from "../components/trouble";
import { PANELS } from "../panels";
import type { Panel, PanelProps } from "../panels/panel";
import { openRuns } from "../place";
import { Poll } from "../poll";
import type { ShowAnswer } from "../schema";
import { createView } from "../view";
import { RunFacts, Verdict } from "./run_head";
import { onKey } from "./shortcuts";

export function RunPage({ name }: { name: string }) {
  const poll = useMemo(() => new Poll<ShowAnswer>(runPath(name)), [name]);
  const view = useMemo(createView, []);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => poll.start(), [poll]);
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
        <h1 tabIndex={-1} ref={heading}>
          <RunName name={name} />
        </h1>
        {run && <RunFacts run={run} />}
        <span class="spring" />
        <button type="button" onClick={poll.refresh}>
          Refresh
        </button>
      </header>
      <TroubleBanner poll={poll} />
      {run ? (
        <>
          <Verdict run={run} />
          <Panels run={run} view={view} />
        </>
      ) : (
        !poll.trouble.value && <Loading />
      )}
    </main>
  );
}

function Panels(props: PanelProps) {
  return (
    <div class="panels">
      {(["findings", "charts", "details"] as const).map((place) => (
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

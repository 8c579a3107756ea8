// The Compare page: two to eight runs side by side, the first of them as baseline.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { comparePath } from "../api";
import { Chooser } from "../comparing/chooser";
import { ClassesOfRuns } from "../comparing/classes";
import { Confidences } from "../comparing/confidences";
import { contenders, MOST, useRuns } from "../comparing/contender";
import { Curves } from "../comparing/curves";
import { Differences } from "../comparing/differences";
import { Checklist, FactsOfRuns } from "../comparing/facts";
import { SamePictures } from "../comparing/same_pictures";
import { Settings } from "../comparing/settings";
import { Boundary } from "../components/boundary";
import { CopyButton } from "../components/copy";
import { HelpButton } from "../components/help";
import { Refresh } from "../components/refresh";
import { ReportMenu } from "../components/report_menu";
import { TroubleBanner } from "../components/trouble";
import { count } from "../format";
import { outer } from "../host";
import { useKeys } from "../keys";
import { openRuns } from "../place";
import type { CompareAnswer } from "../schema";
import { usePoll } from "../use_poll";

/** Columns of more runs than this need the whole width. */
const BESIDE = 3;

export function ComparePage({ names: wanted }: { names: readonly string[] }) {
  const names = [...new Set(wanted)].slice(0, MOST);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useKeys({ Escape: openRuns });
  return (
    <main>
      <header class="bar">
        <button type="button" onClick={openRuns}>
          ← Runs
        </button>
        <h1 tabIndex={-1} ref={heading}>
          Compare <span class="muted">{count(names.length, "run")}</span>
        </h1>
        <span class="spring" />
        <CopyButton text={() => outer.location.href} label="link">
          Copy link
        </CopyButton>
        <ReportMenu runs={names} />
        <HelpButton />
      </header>
      {wanted.length > names.length && (
        <p class="notice info">
          {`${count(wanted.length, "run")} are named; the first ${MOST} different ones are compared.`}
        </p>
      )}
      <Chooser names={names} />
      {names.length > 1 ? (
        <Compared names={names} />
      ) : (
        <p class="empty">Add a second run to compare with.</p>
      )}
    </main>
  );
}

function Compared({ names }: { names: readonly string[] }) {
  const poll = usePoll<CompareAnswer>(comparePath(names));
  const all = contenders(names, useRuns(names));
  const answer = poll.answer.value;
  return (
    <>
      <TroubleBanner poll={poll} />
      {all.map(
        ({ name, run, trouble }) =>
          trouble &&
          !run && (
            <p key={name} class="notice critical" role="alert">
              <span>
                <bdi>{name}</bdi> could not be read: {trouble}.
              </span>
            </p>
          ),
      )}
      <div class={`panels comparison ${all.length > BESIDE ? "many" : ""}`}>
        {answer ? (
          <Part what="differences">
            <Differences answer={answer} all={all} />
          </Part>
        ) : (
          !poll.trouble.value && <Loading />
        )}
        <Part what="curves">
          {all.every(({ run, trouble }) => !run && !trouble) && <Loading />}
          <Curves all={all} lossesApart={answer?.losses_apart ?? []} />
        </Part>
        <Part what="curves by confidence">
          <Confidences all={all} />
        </Part>
        <Part what="classes">
          <ClassesOfRuns all={all} />
        </Part>
        {answer && (
          <Part what="facts">
            <FactsOfRuns answer={answer} all={all} />
            <Checklist answer={answer} all={all} />
            <Settings answer={answer} all={all} />
          </Part>
        )}
        <Part what="pictures">
          <SamePictures all={all} />
        </Part>
      </div>
      <Refresh poll={poll} />
    </>
  );
}

function Part({ what, children }: { what: string; children: ComponentChildren }) {
  return <Boundary what={`The part "${what}"`}>{children}</Boundary>;
}

function Loading() {
  return (
    <div class="skeleton tall" role="status">
      <span class="unseen">Comparing the runs</span>
    </div>
  );
}

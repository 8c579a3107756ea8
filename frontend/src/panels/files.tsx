import { Fact } from "../components/fact";
import { ProblemList } from "../components/problem_list";
import { LevelMark } from "../components/verdict";
import { count, MISSING } from "../format";
import type { DetailedRun, Problem } from "../schema";
import { spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const files: Panel = { id: "files", place: "details", Content: Files };

function Files({ run }: PanelProps) {
  return (
    <section class="card" aria-labelledby="files-title">
      <h2 id="files-title">Files and problems</h2>
      <Problems problems={run.problems} />
      <dl class="listed files">
        {Object.entries(run.files).map(([role, paths]) => (
          <div key={role}>
            <dt>{spaced(role)}</dt>
            <dd>
              {paths.map((path) => (
                <bdi class="path" key={path}>
                  {path}
                </bdi>
              ))}
            </dd>
          </div>
        ))}
        <Facts run={run} />
      </dl>
    </section>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return <p class="muted">Every file was read without a problem.</p>;
  return (
    <>
      <p>
        <LevelMark level="warning" word={count(problems.length, "problem")} />
      </p>
      <ProblemList problems={problems} />
    </>
  );
}

function Facts({ run }: { run: DetailedRun }) {
  const { epochs, axis } = run;
  return (
    <>
      <Fact name={`best ${axis} by`} value={epochs.best_by ?? MISSING} />
      {epochs.segments.length > 1 && (
        <Fact
          name="trainings in one file"
          value={epochs.segments.map(([first, last]) => `${first}–${last}`).join(", ")}
        />
      )}
    </>
  );
}

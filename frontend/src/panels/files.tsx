import { Fact } from "../components/fact";
import { LevelMark } from "../components/verdict";
import { count, MISSING } from "../format";
import type { Dataset, DetailedRun, Problem } from "../schema";
import { spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const files: Panel = { id: "files", place: "details", Content: Files };

function Files({ run }: PanelProps) {
  return (
    <section class="card" aria-labelledby="files-title">
      <h2 id="files-title">Files and problems</h2>
      <Problems problems={run.problems} />
      <dl class="files">
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
      <ul class="problems">
        {problems.map(({ file, line, kind, problem }) => (
          <li key={`${file} ${line} ${kind}`}>
            <bdi class="path">
              {file}
              {line !== null && `:${line}`}
            </bdi>{" "}
            {problem}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the files tell about the data and about the program that wrote them. */
function Facts({ run }: { run: DetailedRun }) {
  const { dataset, version, epochs } = run;
  return (
    <>
      <Fact name="data" value={datasetText(dataset)} />
      <Fact name="version from" value={version?.source ?? MISSING} />
      <Fact name="best epoch by" value={epochs.best_by ?? MISSING} />
      {epochs.segments.length > 1 && (
        <Fact
          name="trainings in one file"
          value={epochs.segments.map(([first, last]) => `${first}–${last}`).join(", ")}
        />
      )}
    </>
  );
}

function datasetText({ n_train, n_val, n_classes, fingerprint }: Dataset): string {
  const facts = [
    n_train === null ? null : count(n_train, "training image"),
    n_val === null ? null : count(n_val, "validation image"),
    n_classes === null ? null : count(n_classes, "class", "classes"),
    fingerprint === null ? null : `fingerprint ${fingerprint}`,
  ];
  return facts.filter(Boolean).join(", ") || MISSING;
}

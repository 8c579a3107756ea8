import { Card } from "../components/card";
import { Copyable } from "../components/copy";
import { Fact } from "../components/fact";
import { count, grouped } from "../format";
import type { DetailedRun, Split } from "../schema";
import { taskWord } from "../words";
import { Counted } from "./data_set";
import type { Panel, PanelProps } from "./panel";

export const data: Panel = { id: "data", place: "details", Content: Data };

function Data({ run }: PanelProps) {
  if (!run.data && !mayBeCounted(run) && saidOf(run).length === 0) return null;
  return (
    <Card
      id="data"
      title="Data"
      note={
        run.data && (
          <>
            <bdi>{run.data.name}</bdi> · {taskWord(run.data.task)} ·{" "}
            {count(run.data.classes.length, "class", "classes")}
          </>
        )
      }
      kind="wide"
    >
      {run.data ? <Counted data={run.data} /> : <Said run={run} />}
    </Card>
  );
}

/** What the run's own files say of its data, and how to let RunLens look at the data themselves. */
function Said({ run }: { run: DetailedRun }) {
  const said = saidOf(run);
  return (
    <>
      {said.length > 0 && (
        <dl class="listed">
          {said.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      {run.data_counting && <p class="hint muted">Its images and labels are being counted.</p>}
      {mayBeCounted(run) && !run.data_counting && (
        <p class="hint muted">
          To have its labels counted and checked, name its data set in runlens.yaml in the logdir:{" "}
          <Copyable
            text={`datasets: {${JSON.stringify(run.name)}: path/to/data.yaml}`}
            label="line of runlens.yaml"
          />
        </p>
      )}
    </>
  );
}

function saidOf({ dataset, console }: DetailedRun): [string, string][] {
  const { n_train, n_val, n_classes, fingerprint } = dataset;
  const facts: [string, string | null][] = [
    ["training images", splitText(n_train, console?.train ?? null)],
    ["validation images", splitText(n_val, console?.val ?? null)],
    ["classes", n_classes === null ? null : grouped(n_classes)],
    ["fingerprint", fingerprint],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** Whether the run's data may be YOLO's: images with label files, described by a YAML file. */
function mayBeCounted({ framework, task }: DetailedRun): boolean {
  return framework !== "selftraining" && task !== "classify" && task !== "semantic";
}

function splitText(images: number | null, counted: Split | null): string | null {
  if (!counted) return images === null ? null : grouped(images);
  const { backgrounds, corrupt } = counted;
  return `${grouped(counted.images)}, ${count(backgrounds, "background")}, ${grouped(corrupt)} corrupt`;
}

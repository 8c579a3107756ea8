import type { ComponentChildren } from "preact";
import { Card } from "../components/card";
import { Fact } from "../components/fact";
import { Missing } from "../components/facts";
import { LevelMark } from "../components/verdict";
import { count, fileSize, grouped, number } from "../format";
import type {
  Checkpoint,
  Consequence,
  Console,
  EnvironmentFact,
  PseudoLabels,
  Recorded,
} from "../schema";
import { capital, endingWord, spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const origin: Panel = { id: "origin", place: "details", Content: Origin };

function Origin({ run }: PanelProps) {
  const { console, recorded, checkpoints, consequences, pseudo_labels: pseudo } = run;
  return (
    <Card id="origin" title="What wrote it">
      <dl class="listed">
        <Environment facts={run.reproduction.environment} />
        {recorded && <RecordedFacts recorded={recorded} axis={run.axis} />}
        {console && <ConsoleFacts console={console} />}
        {run.drawn_by && <Fact name="curves drawn by" value={`Matplotlib ${run.drawn_by}`} />}
        <Known name="pseudo-labels from" value={pseudo.map(thresholdText).join(", ")} />
      </dl>
      <Checkpoints checkpoints={checkpoints} axis={run.axis} />
      <Consequences consequences={consequences} />
    </Card>
  );
}

/** Which file says so; of what no file says, where it could be read. */
function Environment({ facts }: { facts: readonly EnvironmentFact[] }) {
  return (
    <>
      {facts.map(({ name, value, source }) => (
        <Fact
          key={name}
          name={name}
          value={
            <>
              {value === null ? "unknown" : <bdi>{value}</bdi>}{" "}
              <span class="muted">
                {value === null ? "told by" : "from"} {source}
              </span>
            </>
          }
        />
      ))}
    </>
  );
}

/** A fact that is left out where there is none. */
function Known({ name, value }: { name: string; value: string | null }) {
  return value === null || value === "" ? null : <Fact name={name} value={value} />;
}

/** What RunLens' own callback wrote down. */
function RecordedFacts({ recorded, axis }: { recorded: Recorded; axis: string }) {
  const { epochs, fitness, optimizer, learning_rates: rates } = recorded;
  const rate = [...new Set(rates)].map(number).join(", ");
  return (
    <>
      <Fact name="recorded" value={count(epochs, axis)} />
      <Known name="best.pt by" value={fitness} />
      <Known name="optimizer" value={optimizer && joined([optimizer, rate && `lr ${rate}`])} />
      <Known name="not recorded" value={recorded.missing.join("; ")} />
    </>
  );
}

function ConsoleFacts({ console }: { console: Console }) {
  const { transferred, frozen, ended } = console;
  return (
    <>
      <Fact name="console output" value={<bdi class="path">{console.file}</bdi>} />
      <Known name="model" value={modelText(console)} />
      <Known
        name="transferred"
        value={transferred && `${transferred.map(grouped).join(" of ")} weights`}
      />
      <Known name="frozen" value={frozen.join(", ")} />
      <Known name="completed" value={completedText(console)} />
      <Known name="speed" value={speedText(console)} />
      <Known name="broke off" value={ended && endingWord(ended)} />
    </>
  );
}

function thresholdText({ iteration, positive, negative }: PseudoLabels): string {
  return `${number(positive)}/${number(negative)} in iteration ${iteration}`;
}

function modelText({ model, layers, parameters, gflops }: Console): string {
  return joined([
    model,
    layers && count(layers, "layer"),
    parameters && count(parameters, "parameter"),
    gflops && `${number(gflops)} GFLOPs`,
  ]);
}

function completedText({ epochs_completed: epochs, hours }: Console): string | null {
  if (epochs === null) return null;
  return hours === null
    ? count(epochs, "epoch")
    : `${count(epochs, "epoch")} in ${count(hours, "hour")}`;
}

function speedText({ speed_ms, fps }: Console): string {
  const stages = Object.entries(speed_ms).map(([stage, ms]) => `${stage} ${number(ms)} ms`);
  const rate = fps && `${fps.toFixed(fps < 10 ? 1 : 0)} FPS`;
  return joined([...stages, rate]);
}

function joined(facts: readonly (string | number | null)[]): string {
  return facts.filter(Boolean).join(", ");
}

interface CheckpointsProps {
  checkpoints: readonly Checkpoint[];
  axis: string;
}

/** A column for each checkpoint: there are two at most. */
function Checkpoints({ checkpoints, axis }: CheckpointsProps) {
  if (checkpoints.length === 0) return null;
  const row = (name: string, cell: (checkpoint: Checkpoint) => ComponentChildren) => (
    <tr>
      <th scope="row">{name}</th>
      {checkpoints.map((checkpoint) => (
        <td key={checkpoint.file}>{cell(checkpoint) ?? <Missing />}</td>
      ))}
    </tr>
  );
  return (
    <table class="checkpoints">
      <caption>Checkpoints</caption>
      <thead>
        <tr>
          <td />
          {checkpoints.map(({ file }) => (
            <th scope="col" key={file}>
              <bdi class="path">{file}</bdi>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {row(`weights of ${axis}`, ({ epoch }) => epoch)}
        {row("training", ({ finished }) =>
          finished === null ? null : finished ? "finished" : "not finished",
        )}
        {row("saved", ({ date }) => date?.slice(0, 16).replace("T", " "))}
        {row("release", ({ version }) => version)}
        {row("size", ({ bytes }) => fileSize(bytes))}
        {checkpoints.some(({ problem }) => problem) &&
          row("problem", ({ problem }) =>
            problem ? <LevelMark level="warning" word={problem} /> : "none",
          )}
      </tbody>
    </table>
  );
}

/** What follows from the release; where several forms are possible, all of them are said. */
function Consequences({ consequences }: { consequences: readonly Consequence[] }) {
  if (consequences.length === 0) return null;
  return (
    <>
      <h3>How this release works</h3>
      <dl class="listed consequences">
        {consequences.map(({ name, possible }) => (
          <Fact key={name} name={capital(spaced(name))} value={eitherOr(possible)} />
        ))}
      </dl>
    </>
  );
}

function eitherOr(possible: readonly string[]): string {
  if (possible.length === 0) return "not known";
  return possible.length === 1 ? `${possible[0]}` : `either ${possible.join(", or ")}`;
}

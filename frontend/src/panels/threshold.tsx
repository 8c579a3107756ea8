// Precision, recall and F1 by confidence: which one to deploy with.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ConfidenceChart } from "../charts/confidence_chart";
import { EpochTable } from "../charts/epoch_table";
import type { Line, Mark, Picture } from "../charts/picture";
import { Copyable } from "../components/copy";
import { chosenGroup, GroupChoice } from "../components/group_choice";
import { metric } from "../format";
import type { Curve, CurvePoint, DetailedRun } from "../schema";
import type { Panel, PanelProps } from "./panel";

export const threshold: Panel = { id: "threshold", place: "charts", Content: Threshold };

const STEP = 0.01;
/** Where a slider begins that no optimum tells better: the confidence that predicting begins with. */
const USUAL = 0.25;
/** Confidences between two rows of the table, in points of the slider. */
const ROW = 5;

type Name = "f1" | "precision" | "recall";
const LINES: readonly (Omit<Line, "values"> & { name: Name; word: string })[] = [
  { name: "f1", word: "F1", label: "F1", color: "metric-5", width: 2.5 },
  { name: "precision", word: "precision", label: "P", color: "metric-3", width: 1.5, dash: [2, 3] },
  { name: "recall", word: "recall", label: "R", color: "metric-4", width: 1.5, dash: [8, 3] },
];

function Threshold({ run }: PanelProps) {
  const groups = Object.keys(run.curves);
  const group = chosenGroup(groups, run);
  const curve = group === undefined ? undefined : run.curves[group];
  if (group === undefined || curve === undefined) return <HowToGetIt run={run} />;
  return (
    <Curves key={group} run={run} group={group} curve={curve}>
      <GroupChoice label="Curves of" groups={groups} chosen={group} />
    </Curves>
  );
}

interface CurvesProps {
  run: DetailedRun;
  group: string;
  curve: Curve;
  children?: ComponentChildren;
}

/** The curves, and a slider that reads them out; it stands at the framework's optimum until somebody moves it. */
function Curves({ run, group, curve, children }: CurvesProps) {
  const [moved, setMoved] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const chosen = moved ?? curve.optimum?.confidence ?? USUAL;
  const choose = (confidence: number) => setMoved(Math.round(confidence / STEP) * STEP);
  return (
    <section class="card chart threshold" aria-labelledby="threshold-title">
      <header class="card-head">
        <h2 id="threshold-title">Threshold</h2>
        {children}
        <div class="card-tools">
          <button
            type="button"
            class="quiet"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            View as table
          </button>
        </div>
      </header>
      <Source run={run} group={group} curve={curve} />
      {asTable ? (
        <EpochTable picture={table(curve)} />
      ) : (
        <>
          <ConfidenceChart
            picture={picture(curve, marks(curve, chosen))}
            summary={`Threshold: ${summary(curve)}`}
            choose={choose}
          />
          <Slider point={pointAt(curve, chosen)} value={chosen} choose={choose}>
            {moved !== null && curve.optimum && (
              <button type="button" class="quiet" onClick={() => setMoved(null)}>
                Back to best F1
              </button>
            )}
          </Slider>
        </>
      )}
    </section>
  );
}

/** Whose curves they are, where F1 is best on them, and what they lack. */
function Source({ run, group, curve: { epoch, optimum, cut } }: Omit<CurvesProps, "children">) {
  const when = epoch === null ? "with best.pt after training" : `at ${run.axis} ${epoch}`;
  return (
    <p class="muted">
      {group === "pixel" ? "Over all pixels" : "Means over the classes"}, validated {when}.
      {optimum && ` F1 is best at ${fine(optimum.confidence)}: ${metric(optimum.f1)}.`}
      {optimum && run.classes.length > 1 && ` ${OF_CLASSES}`}
      {cut !== null &&
        ` Nothing below conf=${cut} was validated: the curves say nothing there, and F1 may be best there.`}
    </p>
  );
}

const OF_CLASSES =
  "It is the mean of the classes' F1; at the top of the page stands F1 of their mean precision and" +
  " recall. A class without detections has precision 1.";

interface SliderProps {
  point: CurvePoint;
  value: number;
  choose: (confidence: number) => void;
  children?: ComponentChildren;
}

function Slider({ point, value, choose, children }: SliderProps) {
  const said = LINES.map(({ name, word }) => `${word} ${metric(point[name])}`).join(", ");
  return (
    <>
      <input
        type="range"
        aria-label="Confidence"
        aria-valuetext={`${fine(value)}: ${said}`}
        min={0}
        max={1}
        step={STEP}
        value={value}
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
      />
      <p class="readout">
        <span>At confidence {fine(value)}:</span>
        {LINES.map(({ name, word, color }) => (
          <span key={name} style={{ color: `var(--${color})` }}>
            {word} {metric(point[name])}
          </span>
        ))}
        {children}
      </p>
    </>
  );
}

/** A confidence with the digits of the slider, and one more where it does not stand on a step. */
function fine(confidence: number): string {
  const onStep = Math.abs(confidence / STEP - Math.round(confidence / STEP)) < 1e-6;
  return confidence.toFixed(onStep ? 2 : 3);
}

function pointAt(curve: Curve, confidence: number): CurvePoint {
  return pointOf(curve, rowAt(curve, confidence));
}

function rowAt({ confidence: all }: Curve, confidence: number): number {
  const apart = all.map((one) => Math.abs(one - confidence));
  return apart.indexOf(Math.min(...apart));
}

function pointOf({ confidence, f1, precision, recall }: Curve, row: number): CurvePoint {
  return {
    confidence: confidence[row] ?? 0,
    f1: f1[row] ?? 0,
    precision: precision[row] ?? 0,
    recall: recall[row] ?? 0,
  };
}

/** The confidences that a table lists: even steps, and the best. */
function confidencesOfTable({ optimum }: Curve): number[] {
  const steps = Math.round(1 / STEP / ROW);
  const even = Array.from({ length: steps + 1 }, (_, step) => step / steps);
  const best = optimum ? [Number(optimum.confidence.toFixed(3))] : [];
  return [...new Set([...even, ...best])].sort((a, b) => a - b);
}

/** The curves as a picture over confidence. */
function picture(curve: Curve, marks: readonly Mark[]): Picture {
  return {
    axis: "confidence",
    epochs: curve.confidence,
    lines: LINES.map((line) => ({ ...line, values: curve[line.name] })),
    gap: false,
    bands: [],
    marks,
    spotlight: null,
    better: "higher",
    format: () => "",
  };
}

/** What the slider reads out, at some confidences. */
function table(curve: Curve): Picture {
  const confidences = confidencesOfTable(curve);
  const points = confidences.map((one) => pointAt(curve, one));
  return {
    ...picture(curve, []),
    epochs: confidences,
    lines: LINES.map((line) => ({ ...line, values: points.map((point) => point[line.name]) })),
    format: metric,
  };
}

function marks({ optimum }: Curve, chosen: number): Mark[] {
  const best = optimum?.confidence;
  const found: Mark[] = best === chosen ? [] : [{ epoch: chosen, label: "", color: "text" }];
  if (best === undefined) return found;
  return [{ epoch: best, label: `★ best F1 ${fine(best)}`, color: "ok" }, ...found];
}

function summary({ optimum }: Curve): string {
  if (!optimum) return "F1, precision and recall by confidence.";
  const { confidence, f1, precision, recall } = optimum;
  return (
    `F1 is highest at confidence ${fine(confidence)}, ${metric(f1)},` +
    ` with precision ${metric(precision)} and recall ${metric(recall)}.`
  );
}

const DETECTIONS: readonly DetailedRun["task"][] = ["detect", "segment", "pose", "obb"];

/** Only the next training can tell: the result table does not name the confidence of its precision and recall. */
function HowToGetIt({ run }: { run: DetailedRun }) {
  if (!DETECTIONS.includes(run.task)) return null;
  return (
    <section class="card" aria-labelledby="threshold-title">
      <h2 id="threshold-title">Threshold</h2>
      <p class="muted">
        Precision, recall and F1 by confidence are not recorded, so the confidence to use is
        unknown.{" "}
        {run.framework === "ultralytics"
          ? "One line before the next model.train() records them:"
          : "In any training loop Recorder records them:"}
      </p>
      <p>
        <Copyable
          text={run.framework === "ultralytics" ? TRACK : RECORDER}
          label="line of the training script"
        />
      </p>
    </section>
  );
}

const TRACK = "from tensorboard_runlens import track; track(model)";
const RECORDER = "from tensorboard_runlens import Recorder";

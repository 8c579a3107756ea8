// How classes are taken for each other, what is missed, and what is seen where nothing is.

import { useState } from "preact/hooks";
import { confusionPath, thresholdPath } from "../api";
import { useChosenConfidence } from "../chosen_confidence";
import { Choice } from "../components/choice";
import { Nothing } from "../components/nothing";
import { TableButton } from "../components/table_button";
import { PartTrouble } from "../components/trouble";
import { confidence } from "../format";
import { place } from "../place";
import type { ConfusionAnswer, DetailedRun, ThresholdAnswer } from "../schema";
import { useQuestion } from "../use_question";
import { ConfusionMap } from "./confusion_map";
import { matrixOf, type Unit } from "./confusion_matrix";
import { Ranked } from "./confusion_ranked";
import { SingleClass } from "./confusion_single";
import { ConfusionTable } from "./confusion_table";
import type { Panel, PanelProps } from "./panel";
import { sentences, validatedText } from "./sentences";
import { passingAt, rowAt } from "./sweep";

export const confusion: Panel = { id: "confusion", place: "charts", Content: Confusion };

function Confusion({ run }: PanelProps) {
  const asked = ["detect", "segment", "pose", "obb", "classify", "unknown"].includes(run.task);
  return asked ? <Asked run={run} /> : <NoMatrix />;
}

const NoMatrix = () => <Nothing id="confusion" title="Confusion" why={NO_MATRIX} />;

const NO_MATRIX =
  "No confusion matrix is known of this run: it needs classes that were recorded, or the picture that Ultralytics and YOLOv5 draw.";

function Asked({ run }: { run: DetailedRun }) {
  const { poll, shown } = useQuestion<ConfusionAnswer>(confusionPath(run.name), run);
  const best = useBest(run);
  if (shown?.source === "none" && ["classify", "unknown"].includes(run.task)) return <NoMatrix />;
  return (
    <section class="card confusion" aria-labelledby="confusion-title">
      {shown ? <Answered answer={shown} best={best} /> : <Title />}
      {!shown && !poll.trouble.value && <div class="skeleton tall" />}
      <PartTrouble poll={poll} />
    </section>
  );
}

/** Where the Threshold tab stands until somebody chooses, null where it says nothing. */
function useBest(run: DetailedRun): number | null {
  const path = thresholdPath(run.name, place.value.objective, undefined);
  const { shown } = useQuestion<ThresholdAnswer>(path, run);
  return shown && (passingAt(shown, null)?.confidence ?? null);
}

const Title = () => <h2 id="confusion-title">Confusion</h2>;

const UNITS: readonly { value: Unit; text: string }[] = [
  { value: "count", text: "Counts" },
  { value: "true", text: "Share of true" },
  { value: "predicted", text: "Share of predicted" },
];

interface AnsweredProps {
  answer: ConfusionAnswer;
  best: number | null;
}

function Answered({ answer, best }: AnsweredProps) {
  const [unit, setUnit] = useState<Unit>("count");
  const [asTable, setAsTable] = useState(false);
  const { step, slider } = useStep(answer, best);
  const matrix = matrixOf(answer, step);
  const several = matrix !== null && answer.names.length > 1;
  return (
    <>
      <header class="card-head">
        <Title />
        {several && matrix.counted && (
          <Choice
            label="Numbers of the matrix"
            options={UNITS}
            value={unit}
            choose={(value) => setUnit(value as Unit)}
          />
        )}
        {several && <TableButton asTable={asTable} set={setAsTable} />}
      </header>
      <p class="muted">{sourceText(answer)}</p>
      {slider}
      {matrix && !several && <SingleClass matrix={matrix} />}
      {several && (
        <div class="confused">
          {asTable ? (
            <ConfusionTable matrix={matrix} />
          ) : (
            <ConfusionMap matrix={matrix} unit={matrix.counted ? unit : "true"} />
          )}
          {step && <Ranked names={answer.names} ranked={step.ranked} />}
        </div>
      )}
    </>
  );
}

/** Below it next to every box that the network drew counts as a detection. */
const NO_THRESHOLD = 0.01;

const STATUS: Partial<Record<ConfusionAnswer["status"], string>> = {
  exact: "read exactly from the run's picture",
  approximate: "read approximately from the run's picture",
};

/** Where the numbers are from; at which confidence a picture was drawn is said by the server's reason. */
function sourceText({ source, status, validated, background, reason }: ConfusionAnswer): string {
  const read = source === "picture" ? (STATUS[status] ?? "") : "";
  const claimed = source === "recorded" && background ? CLAIMED : "";
  return sentences(validatedText(validated), read, claimed, reason);
}

/** Threshold counts each class by itself, where several detections may be right about the same place. */
const CLAIMED =
  "an object belongs to the surest detection on it, whatever its class: counts by class above may differ";

/** The matrix at the chosen confidence, and the slider that snaps to those that were counted. */
function useStep({ steps, chosen }: ConfusionAnswer, best: number | null) {
  const { moving, move } = useChosenConfidence();
  const confidences = steps.map((step) => step.confidence ?? 0);
  const wanted = moving.value ?? best ?? chosen ?? 0;
  const row = rowAt(confidences, wanted);
  const step = steps[row];
  const slider = steps.length > 1 && (
    <Steps
      confidences={confidences}
      row={row}
      wanted={wanted}
      choose={(next) => move(confidences[next] ?? null)}
    />
  );
  return { step, slider };
}

interface StepsProps {
  confidences: readonly number[];
  row: number;
  wanted: number;
  choose: (row: number) => void;
}

function Steps({ confidences, row, wanted, choose }: StepsProps) {
  const at = confidences[row] ?? 0;
  const near = Math.abs(wanted - at) > 1e-3;
  return (
    <div class="steps">
      <input
        type="range"
        aria-label="Confidence of the matrix"
        aria-valuetext={confidence(at)}
        min={0}
        max={confidences.length - 1}
        step={1}
        value={row}
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
      />
      <p>
        At confidence {confidence(at)}
        <span class="muted">
          {near &&
            `, of the ${confidences.length} that were counted the nearest to ${confidence(wanted)}`}
          {at < NO_THRESHOLD &&
            ", where next to every box that the network draws counts as a detection: not a confidence to deploy with"}
        </span>
      </p>
    </div>
  );
}

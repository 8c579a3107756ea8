// The curves with what was found on them, and a slider that reads them out.

import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { ConfidenceChart } from "../charts/confidence_chart";
import { EpochTable } from "../charts/epoch_table";
import { useChosenConfidence } from "../chosen_confidence";
import type { DetailedRun, Sweep, ThresholdAnswer } from "../schema";
import { passingAt, rowAt } from "./sweep";
import { Best, Known } from "./threshold_best";
import { Calibrated } from "./threshold_calibration";
import { ThresholdClasses } from "./threshold_classes";
import { Definitions } from "./threshold_definitions";
import { Deployment } from "./threshold_deploy";
import { Ways, waysToMore } from "./threshold_evidence";
import { picture, summary, table } from "./threshold_picture";
import { PicturesRead } from "./threshold_pictures";
import { Slider } from "./threshold_slider";

interface Props {
  run: DetailedRun;
  answer: ThresholdAnswer;
  sweep: Sweep;
  asTable: boolean;
}

/** It stands at the best until somebody moves the slider. */
export function Explorer({ run, answer, sweep, asTable }: Props) {
  const { moving, move } = useChosenConfidence();
  const latest = useSignal({ answer, sweep });
  if (latest.peek().answer !== answer) latest.value = { answer, sweep };
  const passing = useComputed(() => passingAt(latest.value.answer, moving.value));
  const at = useComputed(() => passing.value?.confidence ?? 0);
  const row = useComputed(() => {
    const { answer, sweep } = latest.value;
    return moving.value === null && answer.at ? null : rowAt(sweep.confidence, at.value);
  });
  const choose = (confidence: number) =>
    move(sweep.confidence[rowAt(sweep.confidence, confidence)] ?? null);
  const chart = useMemo(() => picture(answer, sweep), [answer, sweep]);
  return (
    <>
      <Best answer={answer} />
      {asTable ? (
        <EpochTable picture={table(answer, sweep)} />
      ) : (
        <ConfidenceChart picture={chart} summary={summary(answer)} at={at} choose={choose} />
      )}
      <Slider passing={passing} at={at} choose={choose}>
        {answer.at && (
          <button type="button" class="quiet" onClick={() => move(null)}>
            Back to best
          </button>
        )}
      </Slider>
      <Known answer={answer} choose={choose} />
      {answer.classes.length > 1 && <ThresholdClasses answer={answer} sweep={sweep} row={row} />}
      <Definitions definitions={answer.definitions} />
      {answer.calibration && <Calibrated calibration={answer.calibration} />}
      <Deployment run={run} answer={answer} />
      {answer.operating_point.source !== "detections" && <Origin run={run} answer={answer} />}
    </>
  );
}

/** What was less than detections: the pictures that were read, and how to know more. */
function Origin({ run, answer: { pictures, group } }: Omit<Props, "sweep" | "asTable">) {
  const ways = group === "pixel" ? [] : waysToMore(run);
  if (pictures.length + ways.length === 0) return null;
  return (
    <section class="deploy" aria-labelledby="more-title">
      <h3 id="more-title">Where this is from, and how to know more</h3>
      <PicturesRead reads={pictures} />
      <Ways ways={ways} />
    </section>
  );
}
